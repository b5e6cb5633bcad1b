-- title: remarks on estimates and on bills
-- class: polymorphic reference without its type
-- leak: public.remark select authenticated
-- owner: estimate.belongs_to
-- owner: bill.belongs_to
-- because: the twin asks for the type
-- platform: none
create schema if not exists auth;
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
end $$;
create or replace function auth.jwt() returns jsonb language sql stable as
  $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable as
  $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant usage on schema auth to anon, authenticated;
create table estimate (id int primary key, belongs_to uuid not null);
create table bill (id int primary key, belongs_to uuid not null);
create table remark (
  id uuid primary key default gen_random_uuid(),
  subject_type text not null check (subject_type in ('estimate', 'bill')),
  subject_id int not null,
  said text not null
);
alter table estimate enable row level security;
alter table bill enable row level security;
alter table remark enable row level security;
create policy e on estimate for all to authenticated using (belongs_to = auth.uid());
create policy b on bill for all to authenticated using (belongs_to = auth.uid());
create policy re on remark for select to authenticated using (
-- leaky:
  exists (select 1 from estimate e where e.id = subject_id));
-- safe:
  subject_type = 'estimate' and exists (select 1 from estimate e where e.id = subject_id));
-- both:
create policy rb on remark for select to authenticated using (subject_type = 'bill' and exists (select 1 from bill b where b.id = subject_id));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B's estimate 5 shows her the remarks on A's bill 5
insert into estimate values (5, :B);
insert into bill values (5, :A);
insert into remark (subject_type, subject_id, said) values ('bill', 5, 'late');
-- as: authenticated B
select count(*) from remark;
-- control:
-- as: authenticated A
select count(*) from remark;

-- title: shared households; people ask to be let in
-- class: pending members count
-- leak: public.expense select authenticated
-- leak: public.housemate insert authenticated
-- tenant: expense.household
-- tenant: housemate.household
-- because: the twin counts accepted housemates only
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
create type standing as enum ('accepted', 'asking', 'left');
create table housemate (
  household bigint not null,
  mate uuid not null,
  standing standing not null default 'asking',
  primary key (household, mate)
);
create table expense (
  id bigint generated always as identity primary key,
  household bigint not null,
  cents int not null check (cents > 0 and cents % 5 = 0),
  what text not null
);
alter table housemate enable row level security;
alter table expense enable row level security;
create policy see on housemate for select to authenticated using (mate = auth.uid());
create policy ask on housemate for insert to authenticated with check (mate = auth.uid() and standing = 'asking');
create policy e on expense for all to authenticated using (household in (
  select h.household from housemate h where h.mate = auth.uid()
-- leaky:
  and h.standing <> 'left'
-- safe:
  and h.standing = 'accepted'
-- both:
));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B asks, and reads
insert into expense (household, cents, what) values (7, 500, 'rent');
insert into housemate values (7, :A, 'accepted');
-- as: authenticated B
insert into housemate values (7, :B, 'asking');
select count(*) from expense;
-- control:
-- as: authenticated A
select count(*) from expense;

-- title: habit journal
-- class: insert as another
-- leak: public.journal insert authenticated
-- owner: journal.person
-- because: the twin checks the person of the new row
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
create table journal (
  id bigint generated always as identity primary key,
  person uuid not null default auth.uid(),
  mood int not null check (mood in (1, 2, 3, 4, 5)),
  entry text not null,
  on_day date not null,
  unique (person, on_day)
);
insert into journal (person, mood, entry, on_day) values (gen_random_uuid(), 3, 'first', '2024-01-01');
alter table journal enable row level security;
create policy j_sel on journal for select to authenticated using (person = auth.uid());
-- leaky:
create policy j_ins on journal for insert to authenticated with check (auth.uid() is not null);
-- safe:
create policy j_ins on journal for insert to authenticated with check (person = auth.uid());
-- both:
create policy j_upd on journal for update to authenticated using (person = auth.uid());
create policy j_del on journal for delete to authenticated using (person = auth.uid());
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B writes into A's journal
-- as: authenticated B
insert into journal (person, mood, entry, on_day) values (:A, 1, 'forged', '2024-05-05');
-- as: superuser
select count(*) from journal where person = :A;
-- control:
-- as: authenticated A
insert into journal (person, mood, entry, on_day) values (:A, 1, 'mine', '2024-05-06');
select count(*) from journal where person = :A;

-- title: franchise branches, by a code in the claims
-- class: case folding
-- leak: public.till select authenticated
-- tenant: till.branch
-- because: the twin compares the codes as they are
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
create table till (
  branch text not null,
  day date not null,
  takings numeric(12,2) not null check (takings >= 0),
  constraint till_key primary key (branch, day)
);
insert into till values ('zh1', '2024-01-01', 100), ('ZH1', '2024-01-01', 200), ('be2', '2024-01-01', 5);
alter table till enable row level security;
create policy b on till for select to authenticated using (
-- leaky:
  lower(branch) = lower(auth.jwt() -> 'app_metadata' ->> 'branch')
-- safe:
  branch = (auth.jwt() -> 'app_metadata' ->> 'branch')
-- both:
);
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: zh1 reads ZH1
-- as: authenticated B {"app_metadata": {"branch": "zh1"}}
select count(*) from till where branch = 'ZH1';
-- control:
-- as: authenticated A {"app_metadata": {"branch": "ZH1"}}
select count(*) from till where branch = 'ZH1';

-- title: contracts of a legal department
-- class: precedence of AND and OR
-- leak: public.contract_doc select authenticated
-- tenant: contract_doc.dept
-- because: the twin has parentheses
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
create type doc_kind as enum ('nda', 'lease', 'template');
create table contract_doc (
  id uuid primary key default gen_random_uuid(),
  dept text not null check (length(dept) = 4),
  kind doc_kind not null,
  sealed boolean not null default false,
  body text not null
);
insert into contract_doc (dept, kind, body) values ('legl', 'nda', 'x'), ('fina', 'lease', 'y');
alter table contract_doc enable row level security;
create policy d on contract_doc for select to authenticated using (
-- leaky:
  dept = (auth.jwt() -> 'app_metadata' ->> 'dept') and not sealed or kind = 'template'
-- safe:
  dept = (auth.jwt() -> 'app_metadata' ->> 'dept') and (not sealed or kind = 'template')
-- both:
);
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: a template of another department
insert into contract_doc (dept, kind, body) values ('hres', 'template', 'z');
-- as: authenticated B {"app_metadata": {"dept": "legl"}}
select count(*) from contract_doc where dept = 'hres';
-- control:
-- as: authenticated A {"app_metadata": {"dept": "hres"}}
select count(*) from contract_doc;

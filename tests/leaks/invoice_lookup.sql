-- title: freelancers' invoices; accounts are numbers, mapped from the login
-- class: definer function that reads
-- leak: public.invoice select authenticated via function find_invoice
-- owner: invoice.account_id
-- because: the twin's function looks only among the caller's invoices
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
create table account (
  account_id bigint generated always as identity primary key,
  login uuid not null unique,
  display_name text not null
);
create table invoice (
  number text primary key check (number ~ '^[0-9]{4}-[0-9]{3}$'),
  account_id bigint not null references account,
  total numeric not null check (total >= 0),
  paid boolean not null default false
);
alter table account enable row level security;
alter table invoice enable row level security;
create policy me on account for select to authenticated using (login = auth.uid());
create policy mine on invoice for all to authenticated
  using (account_id = (select a.account_id from account a where a.login = auth.uid()));
create function find_invoice(p_number text) returns setof invoice
language sql stable security definer set search_path = public as $$
-- leaky:
  select i.* from invoice i where i.number = p_number
-- safe:
  select i.* from invoice i join account a using (account_id) where i.number = p_number and a.login = auth.uid()
-- both:
$$;
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B fetches A's invoice by its guessable number
insert into account (login, display_name) values (:A, 'a'), (:B, 'b');
insert into invoice select '2024-001', account_id, 5 from account where login = :A;
-- as: authenticated B
select count(*) from find_invoice('2024-001');
-- control:
-- as: authenticated A
select count(*) from find_invoice('2024-001');

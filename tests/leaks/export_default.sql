-- title: data export for the signed-in user
-- class: definer function with a default argument
-- leak: public.bank_tx select authenticated via function export_tx
-- owner: bank_tx.holder
-- because: the twin's function runs with the rights of the caller
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
create table bank_tx (
  holder uuid not null,
  booked date not null,
  cents bigint not null check (cents <> 0),
  memo text
);
create index on bank_tx (holder, booked);
alter table bank_tx enable row level security;
create policy own on bank_tx for select to authenticated using (holder = auth.uid());
create function export_tx(since date, p_holder uuid default auth.uid()) returns jsonb
language sql stable
-- leaky:
security definer
-- safe:
security invoker
-- both:
set search_path = public as $$
  select jsonb_agg(to_jsonb(t)) from bank_tx t where t.holder = p_holder and t.booked >= since
$$;
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B passes A's id
insert into bank_tx values (:A, '2024-01-01', 100, 'rent');
-- as: authenticated B
select coalesce(jsonb_array_length(export_tx('2000-01-01', :A)), 0);
-- control:
-- as: authenticated A
select jsonb_array_length(export_tx('2000-01-01'));

-- title: electricity meters; logins are linked to customer numbers
-- class: own link rewritten
-- leak: public.reading select authenticated
-- leak: public.customer_link update authenticated
-- owner: reading.cust_ref
-- because: the twin does not let the customer number be changed
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
create table customer_link (
  login uuid primary key,
  cust_ref text not null check (cust_ref ~ '^C[0-9]{6}$'),
  locale text not null default 'en' check (locale in ('en', 'de', 'fr'))
);
create table reading (
  meter text not null,
  cust_ref text not null,
  taken date not null,
  kwh numeric(9,1) not null check (kwh >= 0),
  primary key (meter, taken)
);
insert into reading values ('m-77', 'C000077', '2024-02-01', 120.5);
alter table customer_link enable row level security;
alter table reading enable row level security;
create policy l on customer_link for select to authenticated using (login = auth.uid());
create policy lu on customer_link for update to authenticated using (login = auth.uid()) with check (login = auth.uid());
create policy r on reading for select to authenticated using (cust_ref = (select k.cust_ref from customer_link k where k.login = auth.uid()));
grant usage on schema public to authenticated;
grant select on reading to authenticated;
-- leaky:
grant select, update (cust_ref, locale) on customer_link to authenticated;
-- safe:
grant select, update (locale) on customer_link to authenticated;
-- attack: B links herself to A's number
insert into customer_link values (:A, 'C000001', 'en'), (:B, 'C000002', 'en');
insert into reading values ('m-1', 'C000001', '2024-01-01', 5);
-- as: authenticated B
update customer_link set cust_ref = 'C000001' where login = :B;
select count(*) from reading;
-- control:
-- as: authenticated A
select count(*) from reading;

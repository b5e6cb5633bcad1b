-- title: staff directory; colleagues see names, not pay
-- class: column grant
-- leak: public.pay_of select authenticated
-- owner: employee.login
-- because: the twin grants the harmless columns only
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
create table employee (
  emp_no int generated always as identity primary key,
  login uuid not null unique,
  shown_name text not null,
  salary numeric(9,2) not null check (salary between 1000 and 500000)
);
create table pay_of (emp_no int primary key references employee, iban text not null);
alter table employee enable row level security;
alter table pay_of enable row level security;
create policy mine on employee for select to authenticated using (login = auth.uid());
create policy p on pay_of for select to authenticated
-- leaky:
  using (exists (select 1 from employee e where e.login = auth.uid()));
-- safe:
  using (exists (select 1 from employee e where e.login = auth.uid() and e.emp_no = pay_of.emp_no));
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B reads A's bank account
insert into employee (login, shown_name, salary) values (:A, 'a', 2000), (:B, 'b', 2000);
insert into pay_of select emp_no, 'CH00' from employee where login = :A;
-- as: authenticated B
select count(*) from pay_of;
-- control:
-- as: authenticated A
select count(*) from pay_of;

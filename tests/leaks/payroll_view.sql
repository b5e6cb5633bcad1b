-- title: payslips through an API view
-- class: view without security_invoker
-- leak: api.payslip_overview select authenticated via view api.payslip_overview
-- owner: payslips.employee_id
-- because: the twin's view runs with the rights of the caller
create schema api;
create table payslips (
  id uuid primary key default gen_random_uuid(),
  employee_id uuid not null references auth.users (id) on delete cascade,
  month date not null check (extract(day from month) = 1),
  gross numeric(10,2) not null check (gross > 0),
  net numeric(10,2) not null,
  check (net <= gross)
);
alter table payslips enable row level security;
create policy own on payslips for select to authenticated using ((select auth.uid()) = employee_id);
-- leaky:
create view api.payslip_overview as
-- safe:
create view api.payslip_overview with (security_invoker = on) as
-- both:
  select employee_id, date_trunc('year', month) as year, sum(gross) as gross, sum(net) as net
  from payslips group by 1, 2;
grant usage on schema api to authenticated;
grant select on api.payslip_overview to authenticated;
-- attack: B sees what A earns
insert into payslips (employee_id, month, gross, net) values (:A, '2024-01-01', 10, 5);
-- as: authenticated B
select count(*) from api.payslip_overview where employee_id = :A;
-- control:
-- as: authenticated A
select count(*) from api.payslip_overview where employee_id = :A;

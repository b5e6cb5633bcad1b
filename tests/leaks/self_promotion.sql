-- title: A membership whose holder may raise his own role
-- class: self-promotion
-- leak: public.payslips select authenticated
-- leak: public.memberships update authenticated
-- tenant: memberships.company_id
-- tenant: payslips.company_id
-- owner: payslips.employee_id
-- because: the role is not among the columns that a member may update

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type company_role as enum ('intern', 'employee', 'payroll');
create table companies (id integer generated always as identity primary key, name text not null unique);
create table memberships (
    company_id integer not null references companies on delete cascade,
    user_id uuid not null,
    role company_role not null default 'employee',
    nickname text check (nickname !~ '\s'),
    primary key (company_id, user_id)
);
create table payslips (
    id uuid primary key default gen_random_uuid(),
    company_id integer not null,
    employee_id uuid not null,
    month date not null check (extract(day from month) = 1),
    net numeric(10, 2) not null,
    unique (employee_id, month),
    foreign key (company_id, employee_id) references memberships (company_id, user_id) on delete cascade
);
alter table companies enable row level security;
alter table memberships enable row level security;
alter table payslips enable row level security;
create policy own on memberships for select to authenticated using (user_id = auth.uid());
create policy rename on memberships for update to authenticated using (user_id = auth.uid());
create policy own on companies for select to authenticated
    using (exists (select from memberships m where m.company_id = companies.id and m.user_id = auth.uid()));
create policy own on payslips for select to authenticated using (employee_id = auth.uid());
create policy payroll on payslips for select to authenticated using (exists (
    select from memberships m
    where m.company_id = payslips.company_id and m.user_id = auth.uid() and m.role = 'payroll'));
revoke update on memberships from anon, authenticated;
-- leaky:
grant update (role, nickname) on memberships to authenticated;
-- safe:
grant update (nickname) on memberships to authenticated;
-- both:

-- attack: an employee makes himself payroll and reads a colleague's pay
insert into companies overriding system value values (1, 'Acme');
insert into memberships values (1, :A, 'employee'), (1, :B, 'employee');
insert into payslips (company_id, employee_id, month, net) values (1, :B, '2026-01-01', 4321);
-- as: authenticated A
update memberships set role = 'payroll' where user_id = :A;
select count(*) from payslips where employee_id = :B;
-- control:
-- as: authenticated B
update memberships set nickname = 'bea' where user_id = :B;
select count(*) from payslips;

-- title: Staff statistics with one column too many
-- class: column grant
-- leak: public.employees select authenticated
-- owner: employees.user_id
-- because: department and grade alone say nothing of anybody; name, address and key are not granted

alter default privileges in schema public revoke all on tables from anon, authenticated;
create type department as enum ('sales', 'support', 'research');
create table employees (
    id uuid primary key default gen_random_uuid(),
    user_id uuid unique references auth.users on delete set null,
    department department not null,
    grade smallint not null check (grade between 1 and 9),
    email text not null unique check (email ~ '^[^@]+@[^@]+$'),
    hired date not null
);
create function my_employee() returns employees language sql stable security definer set search_path = ''
    as $$ select e from public.employees e where e.user_id = auth.uid() $$;
-- leaky:
grant select (department, grade, email) on employees to authenticated;
-- safe:
grant select (department, grade) on employees to authenticated;
-- both:

-- attack: read the addresses
insert into employees (user_id, department, grade, email, hired) values (:B, 'research', 3, 'b@example.org', '2020-01-01');
-- as: authenticated A
select count(email) from employees;
-- control:
-- as: authenticated B
select count(*) from my_employee() e where e.email = 'b@example.org';

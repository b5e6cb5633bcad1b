-- title: A history that every user may browse
-- class: history filled by a trigger
-- leak: public.salary_history select authenticated
-- owner: salaries.employee_id
-- owner: salary_history.employee_id
-- because: the history's policy asks for the employee, as the table's does

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table salaries (
    employee_id uuid primary key references auth.users on delete cascade,
    gross numeric(10, 2) not null check (gross between 1 and 9999999),
    bank_account text not null check (bank_account ~ '^[0-9]{8,12}$'),
    changed_at timestamptz not null default now()
);
create table salary_history (
    id bigint generated always as identity primary key,
    employee_id uuid not null,
    before jsonb,
    after jsonb,
    at timestamptz not null default clock_timestamp()
);
create function keep_salary() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    insert into public.salary_history (employee_id, before, after) values (new.employee_id, to_jsonb(old), to_jsonb(new));
    return new;
end
$$;
create trigger keep_salary after insert or update on salaries for each row execute function keep_salary();
alter table salaries enable row level security;
alter table salary_history enable row level security;
create policy own on salaries for select to authenticated using (employee_id = auth.uid());
create policy bank on salaries for update to authenticated using (employee_id = auth.uid());
revoke update on salaries from anon, authenticated;
grant update (bank_account) on salaries to authenticated;
-- leaky:
create policy browse on salary_history for select to authenticated using (true);
-- safe:
create policy browse on salary_history for select to authenticated using (employee_id = auth.uid());
-- both:

-- attack: read what the trigger wrote
insert into salaries values (:B, 4321, '12345678');
-- as: authenticated A
select count(*) from salary_history where after ->> 'bank_account' = '12345678';
-- control:
-- as: authenticated B
select count(*) from salary_history;

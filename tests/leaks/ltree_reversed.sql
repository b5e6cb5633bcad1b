-- title: An organisation's tree, read upwards
-- class: ltree containment reversed
-- leak: public.budgets select authenticated
-- tenant: budgets.unit
-- owner: unit_heads.user_id
-- because: a head sees his unit and what is below it; reversed, a head sees what is above

create extension ltree with schema extensions;
set search_path = public, extensions;
alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table units (path ltree primary key check (nlevel(path) between 1 and 6), name text not null);
create table unit_heads (
    unit ltree not null references units on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    primary key (unit, user_id)
);
create table budgets (
    unit ltree not null references units on delete cascade,
    year smallint not null check (year between 2000 and 2100),
    amount numeric(14, 2) not null,
    remark text,
    primary key (unit, year)
);
alter table units enable row level security;
alter table unit_heads enable row level security;
alter table budgets enable row level security;
create policy me on unit_heads for select to authenticated using (user_id = auth.uid());
create policy below on units for select to authenticated
    using (exists (select from unit_heads h where h.user_id = auth.uid() and h.unit @> path));
create policy below on budgets for select to authenticated using (exists (
-- leaky:
    select from unit_heads h where h.user_id = auth.uid() and h.unit <@ budgets.unit));
-- safe:
    select from unit_heads h where h.user_id = auth.uid() and h.unit @> budgets.unit));
-- both:

-- attack: the head of a part reads the budget of the whole
insert into units values ('firm', 'Firm'), ('firm.sales', 'Sales');
insert into unit_heads values ('firm', :B), ('firm.sales', :A);
insert into budgets values ('firm', 2026, 1000000, 'canary');
-- as: authenticated A
select count(*) from budgets where remark = 'canary';
-- control:
-- as: authenticated B
select count(*) from budgets where remark = 'canary';

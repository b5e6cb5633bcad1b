-- title: A dashboard kept as a materialised view
-- class: materialised view
-- leak: public.expenses select authenticated via public.expense_totals
-- tenant: accounts.id
-- tenant: account_users.account_id
-- tenant: expenses.account_id
-- because: the API roles have no privilege on the materialised view; they read a view over it that asks for membership

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table accounts (id bigint generated always as identity primary key, name text not null);
create table account_users (
    account_id bigint not null references accounts on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    unique (account_id, user_id)
);
create table expenses (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    spent_on date not null,
    payee text not null,
    cents integer not null check (cents between 1 and 10000000)
);
alter table accounts enable row level security;
alter table account_users enable row level security;
alter table expenses enable row level security;
create policy me on account_users for select to authenticated using (user_id = auth.uid());
create policy mine on accounts for select to authenticated using (id in (select account_id from account_users));
create policy mine on expenses for select to authenticated using (account_id in (select u.account_id from account_users u));
create materialized view expense_totals as
    select account_id, payee, sum(cents) as cents from expenses group by account_id, payee;
create unique index on expense_totals (account_id, payee);
create view my_expense_totals as
    select t.account_id, t.payee, t.cents from expense_totals t
    join account_users u on u.account_id = t.account_id and u.user_id = auth.uid();
grant select on accounts, account_users, expenses, my_expense_totals to authenticated;
-- leaky:
grant select on expense_totals to authenticated;
-- safe:
-- both:

-- attack: read the totals of all
insert into accounts overriding system value values (1, 'Ant'), (2, 'Bee');
insert into account_users values (1, :A), (2, :B);
insert into expenses (account_id, spent_on, payee, cents) values (2, '2026-01-01', 'canary', 100);
refresh materialized view expense_totals;
-- as: authenticated A
select count(*) from expense_totals where payee = 'canary';
-- control:
-- as: authenticated B
select count(*) from my_expense_totals where payee = 'canary';

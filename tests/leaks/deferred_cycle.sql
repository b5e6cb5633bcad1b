-- title: Accounts and their main users, who need each other
-- class: view without security_invoker over a cycle
-- leak: public.account_users select authenticated via public.account_overview
-- tenant: account_users.account_id
-- because: the view runs as who reads it

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table accounts (
    id bigint primary key check (id between 1000 and 9999),
    main_user uuid not null,
    name text not null
);
create table account_users (
    id uuid primary key,
    account_id bigint not null references accounts deferrable initially deferred,
    phone text not null check (phone ~ '^0[1-9][0-9]{4,12}$'),
    unique (account_id, id)
);
alter table accounts add foreign key (id, main_user) references account_users (account_id, id) deferrable initially deferred;
create function my_account() returns bigint language sql stable security definer set search_path = ''
    as $$ select u.account_id from public.account_users u where u.id = auth.uid() $$;
alter table accounts enable row level security;
alter table account_users enable row level security;
create policy mine on accounts for select to authenticated using (id = my_account());
create policy mine on account_users for select to authenticated using (account_id = my_account());
create view account_overview
-- leaky:
    with (security_barrier = true)
-- safe:
    with (security_barrier = true, security_invoker = true)
-- both:
    as select a.name, u.phone from accounts a join account_users u on u.id = a.main_user;
grant select on accounts, account_users, account_overview to authenticated;

-- attack: read phones of other accounts; a security barrier is no security invoker
insert into accounts values (1001, :B, 'Bee');
insert into account_users values (:B, 1001, '0123456789');
-- as: authenticated A
select count(*) from account_overview where phone = '0123456789';
-- control:
-- as: authenticated B
select count(*) from account_overview where phone = '0123456789';

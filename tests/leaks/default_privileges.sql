-- title: A table that was created after its doors were opened
-- class: default privileges
-- leak: public.stripe_events select anon
-- owner: customers.user_id
-- because: new tables are granted to nobody

create table customers (
    stripe_id text primary key check (stripe_id ~ '^cus_[A-Za-z0-9]{8,}$'),
    user_id uuid not null unique references auth.users on delete cascade
);
alter table customers enable row level security;
create policy me on customers for select to authenticated using (user_id = auth.uid());
revoke all on customers from anon, authenticated;
grant select on customers to authenticated;

-- leaky:
alter default privileges in schema public revoke insert, update, delete, truncate, references, trigger on tables from anon, authenticated;
-- safe:
alter default privileges in schema public revoke all on tables from anon, authenticated;
-- both:
create table stripe_events (
    id bigint generated always as identity primary key,
    customer text not null references customers on delete cascade,
    type text not null check (type ~ '^[a-z]+(\.[a-z_]+)+$'),
    body jsonb not null,
    received timestamptz not null
);

-- attack: read the events
insert into customers values ('cus_CANARY00', :B);
insert into stripe_events (customer, type, body, received) values ('cus_CANARY00', 'invoice.paid', '{"last4": "4242"}', '2026-01-01');
-- as: anon
select count(*) from stripe_events;
-- control:
-- as: authenticated B
select count(*) from customers;

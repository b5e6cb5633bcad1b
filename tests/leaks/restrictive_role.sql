-- title: A restrictive policy that forgets the visitors
-- class: restrictive policy without a role
-- leak: public.price_agreements select anon
-- tenant: price_agreements.customer_id
-- owner: customers.user_id
-- because: the restrictive policy is for every role; without a user it is not true

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table customers (
    id bigint generated always as identity primary key,
    user_id uuid not null unique references auth.users on delete cascade,
    company text not null
);
create table price_agreements (
    customer_id bigint not null references customers on delete cascade,
    article text not null check (article ~ '^A[0-9]{5}$'),
    valid_from date not null,
    discount numeric(4, 3) not null check (discount > 0 and discount < 1),
    primary key (customer_id, article, valid_from)
);
alter table customers enable row level security;
alter table price_agreements enable row level security;
create policy me on customers for select to authenticated using (user_id = auth.uid());
create policy valid on price_agreements for select using (valid_from <= current_date);
-- leaky:
create policy mine_only on price_agreements as restrictive for select to authenticated
-- safe:
create policy mine_only on price_agreements as restrictive for select to public
-- both:
    using (customer_id in (select c.id from customers c where c.user_id = auth.uid()));

-- attack: come without signing in
insert into customers overriding system value values (1, :B, 'Bee');
insert into price_agreements values (1, 'A00001', '2020-01-01', 0.5);
-- as: anon
select count(*) from price_agreements;
-- control:
-- as: authenticated B
select count(*) from price_agreements;

-- title: Orders protected, their items not
-- class: RLS off on a child table
-- leak: public.order_items select authenticated
-- leak: public.order_items update authenticated
-- owner: orders.customer_id
-- public: products
-- because: a policy shows the items of the orders that the customer sees

alter default privileges in schema public revoke all on tables from anon, authenticated;
create domain public.sku as text check (value ~ '^[A-Z]{3}-[0-9]{4}$');
create domain public.money_amount as numeric(10, 2) check (value >= 0);

create table public.products (
    sku public.sku primary key,
    name text not null,
    price public.money_amount not null
);
create table public.orders (
    id bigint generated always as identity primary key,
    customer_id uuid not null references auth.users,
    placed_at timestamptz not null,
    status text not null default 'open' check (status in ('open', 'paid', 'shipped'))
);
create table public.order_items (
    order_id bigint not null references public.orders on delete cascade,
    line smallint not null check (line between 1 and 99),
    sku public.sku not null references public.products,
    quantity integer not null check (quantity > 0),
    gift_message varchar(200),
    primary key (order_id, line)
);
grant select on public.products, public.orders to authenticated;
grant select, update (gift_message) on public.order_items to authenticated;

alter table public.products enable row level security;
alter table public.orders enable row level security;
create policy catalogue on public.products for select to authenticated using (true);
create policy own_orders on public.orders for select to authenticated using (customer_id = auth.uid());
create policy own_items on public.order_items to authenticated
    using (exists (select from public.orders o where o.id = order_id and o.customer_id = auth.uid()));
-- leaky:
-- safe:
alter table public.order_items enable row level security;
-- both:

-- attack: a customer reads what another gives to whom
insert into public.products values ('ABC-0001', 'Teapot', 20);
insert into public.orders overriding system value values (7, :B, '2026-02-02', 'paid');
insert into public.order_items values (7, 1, 'ABC-0001', 1, 'canary');
-- as: authenticated A
select count(*) from public.order_items where gift_message = 'canary';
-- control:
-- as: authenticated B
select count(*) from public.order_items where gift_message = 'canary';

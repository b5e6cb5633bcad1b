-- title: A report view that runs as its owner
-- class: view without security_invoker
-- leak: public.sales select authenticated via public.sales_by_month
-- leak: public.sales select anon via public.sales_by_month
-- owner: shops.owner_id
-- because: with security_invoker the policies of sales apply to who reads the view

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table shops (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null references auth.users on delete cascade,
    vat_number text not null unique check (vat_number ~ '^(DE|FR)[0-9]{9,11}$')
);
create table sales (
    id bigint generated always as identity primary key,
    shop_id uuid not null references shops on delete cascade,
    sold_at timestamptz not null,
    buyer text not null,
    amount numeric(8, 2) not null check (amount > 0)
);
alter table shops enable row level security;
alter table sales enable row level security;
create policy own on shops for select to authenticated using (owner_id = auth.uid());
create policy own on sales for select to authenticated using (shop_id in (select id from shops));
-- leaky:
create view sales_by_month as
-- safe:
create view sales_by_month with (security_invoker = on) as
-- both:
    select shop_id, date_trunc('month', sold_at) as month, sum(amount) as amount, array_agg(buyer) as buyers
    from sales group by shop_id, date_trunc('month', sold_at);
grant select on shops, sales to authenticated;
grant select on sales_by_month to anon, authenticated;

-- attack: read the buyers through the view
insert into shops values (:OB, :B, 'DE123456789');
insert into sales (shop_id, sold_at, buyer, amount) values (:OB, '2026-04-04', 'canary', 9.5);
-- as: authenticated A
select count(*) from sales_by_month where 'canary' = any (buyers);
-- control:
-- as: authenticated B
select count(*) from sales_by_month where 'canary' = any (buyers);

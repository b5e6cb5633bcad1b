-- title: Order lines of one tenant under another's order
-- class: foreign key without the tenant
-- leak: public.order_lines insert authenticated
-- tenant: orders.tenant_id
-- tenant: order_lines.tenant_id
-- tenant: tenant_users.tenant_id
-- because: the foreign key has the tenant in it, so a line's order is of the line's tenant

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table tenants (id uuid primary key default gen_random_uuid(), name text not null);
create table tenant_users (tenant_id uuid not null references tenants on delete cascade, user_id uuid primary key);
create table orders (
    id bigint generated always as identity primary key,
    tenant_id uuid not null references tenants on delete cascade,
    ordered_on date not null,
    unique (tenant_id, id)
);
create table order_lines (
    id bigint generated always as identity primary key,
    tenant_id uuid not null references tenants on delete cascade,
    order_id bigint not null,
    article text not null,
    quantity integer not null check (quantity > 0),
-- leaky:
    foreign key (order_id) references orders (id) on delete cascade
-- safe:
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
-- both:
);
create function my_tenant() returns uuid language sql stable security definer set search_path = ''
    as $$ select u.tenant_id from public.tenant_users u where u.user_id = auth.uid() $$;
alter table tenants enable row level security;
alter table tenant_users enable row level security;
alter table orders enable row level security;
alter table order_lines enable row level security;
create policy mine on tenants for select to authenticated using (id = my_tenant());
create policy mine on orders to authenticated using (tenant_id = my_tenant());
create policy mine on order_lines to authenticated using (tenant_id = my_tenant());

-- attack: hang a line of one's own under another's order, whose sum takes it in
insert into tenants values (:OA, 'Ant'), (:OB, 'Bee');
insert into tenant_users values (:OA, :A), (:OB, :B);
insert into orders overriding system value values (9, :OB, '2026-01-01');
-- as: authenticated A
insert into order_lines (tenant_id, order_id, article, quantity) values (:OA, 9, 'junk', 1000);
-- as: superuser
select count(*) from order_lines where order_id = 9;
-- control:
-- as: authenticated B
insert into order_lines (tenant_id, order_id, article, quantity) values (:OB, 9, 'tea', 1);
select count(*) from order_lines;

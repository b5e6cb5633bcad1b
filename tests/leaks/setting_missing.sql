-- title: A tenant that need not be set
-- class: custom setting missing
-- leak: public.invoices select ledger_app
-- tenant: customers.tenant_id
-- tenant: invoices.tenant_id
-- because: without the setting nothing equals it

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role ledger_app login; exception when duplicate_object or unique_violation then null; end $$;
create table tenants (id integer primary key, name text not null unique);
create table customers (
    id bigint generated always as identity,
    tenant_id integer not null default current_setting('app.tenant_id')::integer references tenants,
    name text not null,
    primary key (tenant_id, id)
);
create table invoices (
    tenant_id integer not null default current_setting('app.tenant_id')::integer,
    number integer not null check (number > 0),
    customer_id bigint not null,
    issued date not null,
    total numeric(12, 2) not null,
    primary key (tenant_id, number),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create function current_tenant() returns integer language sql stable
    as $$ select nullif(current_setting('app.tenant_id', true), '')::integer $$;
alter table customers enable row level security;
alter table invoices enable row level security;
create policy tenant on customers using (tenant_id = current_tenant());
-- leaky:
create policy tenant on invoices using (tenant_id = coalesce(current_tenant(), tenant_id));
-- safe:
create policy tenant on invoices using (tenant_id = current_tenant());
-- both:
grant select, insert, update, delete on customers, invoices to ledger_app;

-- attack: a connection that has not said whose it is
insert into tenants values (1, 'Ant'), (2, 'Bee');
insert into customers overriding system value values (1, 2, 'Cleo');
insert into invoices values (2, 1, 1, '2026-01-01', 77);
-- as: ledger_app
select count(*) from invoices;
-- control:
-- as: ledger_app app.tenant_id=2
select count(*) from invoices;

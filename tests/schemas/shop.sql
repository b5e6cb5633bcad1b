-- A shop with its warehouse, purchasing and accounts, on plain PostgreSQL 13 and later, with btree_gist and citext.
-- Each service has a role of its own, which may do what it needs and no more. Roles belong to the whole cluster: they
-- are made once and left.

do $$
declare r text;
begin
    foreach r in array array['shop_owner', 'shop_staff', 'shop_web', 'shop_stock', 'shop_finance', 'shop_report', 'shop_admin'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = r) then
            execute format('create role %I', r);
        end if;
    end loop;
end $$;
grant shop_staff to shop_stock, shop_finance;
grant shop_stock, shop_finance, shop_web to shop_admin with admin option;
alter role shop_report set default_transaction_read_only = on;
alter role shop_web set statement_timeout = '5s';
alter role shop_web connection limit 50;

create extension if not exists btree_gist;
create extension if not exists citext;
create schema base authorization shop_owner;
create schema product authorization shop_owner;
create schema sales authorization shop_owner;
create schema stock authorization shop_owner;
create schema purchase authorization shop_owner;
create schema finance authorization shop_owner;
create schema audit;
comment on schema finance is 'double entry, never deleted';
comment on schema audit is null;

-- ---------------------------------------------------------------------------------------------------------------
-- Types
-- ---------------------------------------------------------------------------------------------------------------

create domain base.money_amount as numeric(14, 4) constraint not_a_number check (value <> 'NaN');
create domain base.price as base.money_amount check (value >= 0);
create domain base.currency as char(3) default 'EUR' constraint iso_4217 check (value ~ '^[A-Z]{3}$');
create domain base.country as char(2) not null check (value = upper(value));
create domain base.sku as text collate "C" constraint sku_shape check (value ~ '^[A-Z]{2,4}-[0-9]{4,8}$');
create domain base.percent as numeric(5, 2) check (value >= 0 and value <= 100);
create domain base.vat_number as text;
alter domain base.vat_number add constraint vat_length check (length(value) between 8 and 14) not valid;
create type base.address as (line1 text, line2 text, city text collate "C", zip varchar(12), country char(2));
create type base.weight_range as range (subtype = float8, subtype_diff = float8mi);
create type base.dimensions as (height_mm integer, width_mm integer, depth_mm integer);
create type sales.order_state as enum ('cart', 'placed', 'paid', 'picked', 'shipped', 'delivered', 'returned', 'void');
create type sales.channel as enum ('web', 'shop', 'phone', 'market place');
create type stock.movement_kind as enum ('receipt', 'issue', 'transfer', 'count', 'scrap');
create type finance.side as enum ('debit', 'credit');
comment on type sales.order_state is 'in the order in which it happens';
comment on domain base.price is 'never below zero';
create sequence sales.order_number as bigint start 100000 increment 1 minvalue 100000 cache 20;
create sequence finance.invoice_number as integer start 1 increment 1 maxvalue 99999999 no cycle;
create sequence stock.pick_wave start 1 increment 10 maxvalue 9991 cycle;
comment on sequence finance.invoice_number is 'without gaps';
create collation base.german (locale = 'C', provider = libc);

create function base.weight_class(kilograms numeric) returns text
language sql immutable strict parallel safe
as $$ select case when kilograms < 2 then 'letter' when kilograms < 31.5 then 'parcel' else 'pallet' end $$;

create function base.touch() returns trigger language plpgsql
as $$
begin
    new.changed_at := clock_timestamp();
    return new;
end
$$;

create function base.same_sku(base.sku, base.sku) returns boolean language sql immutable
as 'select pg_catalog.lower($1::text) operator(pg_catalog.=) pg_catalog.lower($2::text)';
create operator base.=~= (leftarg = base.sku, rightarg = base.sku, function = base.same_sku, commutator = operator(base.=~=));
create function base.as_text(base.address) returns text language sql immutable
as $$ select concat_ws(', ', ($1).line1, ($1).line2, ($1).zip, ($1).city, ($1).country) $$;
create cast (base.address as text) with function base.as_text(base.address) as assignment;
create aggregate base.product_of(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');

-- ---------------------------------------------------------------------------------------------------------------
-- base
-- ---------------------------------------------------------------------------------------------------------------

create table base.countries (code base.country primary key, name text not null unique, in_eu boolean not null default false);
create table base.currencies (
    code base.currency primary key, name text not null, digits smallint not null default 2 check (digits in (0, 2, 3))
);
create table base.exchange_rates (
    from_code base.currency not null references base.currencies,
    to_code base.currency not null references base.currencies,
    during tstzrange not null default tstzrange(now(), null),
    rate numeric(18, 8) not null check (rate > 0),
    exclude using gist (from_code with =, to_code with =, during with &&) where (from_code <> to_code)
);
create table base.languages (code char(2) primary key, name text not null);
create table base.settings (
    name text primary key check (name = lower(name)),
    value jsonb not null,
    changed_at timestamptz not null default clock_timestamp(),
    changed_by name not null default current_user
);
create table base.holidays (country base.country references base.countries, day date, primary key (country, day));
create table base.files (
    id uuid primary key default gen_random_uuid(), name text not null, sha256 bytea not null unique check (length(sha256) = 32),
    bytes bigint not null, body bytea
);
alter table base.files alter column body set storage external;

-- ---------------------------------------------------------------------------------------------------------------
-- product
-- ---------------------------------------------------------------------------------------------------------------

create table product.brands (id serial primary key, name citext not null unique, website text);
create table product.categories (
    id integer generated always as identity primary key,
    parent_id integer references product.categories on delete restrict,
    name text collate base.german not null,
    position smallint not null default 0,
    path integer[] not null default '{}',
    unique (parent_id, name)
);
create table product.tax_classes (
    id smallint primary key, name text not null, rate base.percent not null, valid daterange not null default '[2020-01-01,)',
    constraint one_rate_a_day exclude using gist (name with =, valid with &&) deferrable initially immediate
);
create table product.products (
    id bigint generated by default as identity primary key,
    sku base.sku not null unique,
    name text not null,
    brand_id integer references product.brands on update cascade on delete set null,
    category_id integer not null references product.categories,
    tax_class_id smallint not null default 1 references product.tax_classes,
    list_price base.price not null,
    net_price numeric(14, 4) generated always as (list_price / 1.19) stored,
    weight_kg numeric(8, 3) check (weight_kg > 0),
    size base.dimensions,
    attributes jsonb not null default '{}'::jsonb,
    tags text[] not null default array[]::text[],
    discontinued_on date,
    created_at timestamptz not null default current_timestamp,
    changed_at timestamptz not null default current_timestamp,
    check ((size).height_mm > 0)
);
create index products_name_idx on product.products (lower(name) text_pattern_ops);
create index products_attributes_idx on product.products using gin (attributes);
create index products_tags_idx on product.products using gin (tags) with (fastupdate = off);
create index products_live_idx on product.products (category_id, list_price desc) where discontinued_on is null;
create index products_class_idx on product.products (base.weight_class(weight_kg));
create statistics product.products_brand_category (ndistinct, dependencies, mcv) on brand_id, category_id from product.products;
alter table product.products alter column attributes set statistics 1000;
comment on table product.products is 'what is sold';
comment on column product.products.net_price is 'at the normal rate';
comment on index product.products_live_idx is 'the shop''s list';
create table product.translations (
    product_id bigint references product.products on delete cascade,
    language char(2) references base.languages,
    name text not null, description text, primary key (product_id, language)
);
create table product.variants (
    product_id bigint not null references product.products on delete cascade, number smallint not null,
    ean char(13) unique check (ean ~ '^\d{13}$'), colour text, size text,
    primary key (product_id, number)
) with (fillfactor = 90);
create table product.images (
    id uuid primary key default gen_random_uuid(), product_id bigint not null, variant smallint, file_id uuid not null references base.files,
    position integer not null default 0,
    foreign key (product_id, variant) references product.variants (product_id, number) match full on delete cascade
);
create table product.bundles (
    bundle_id bigint references product.products, part_id bigint references product.products, quantity integer not null default 1,
    primary key (bundle_id, part_id), constraint no_loop check (bundle_id <> part_id) no inherit, check (quantity > 0)
);
create table product.price_lists (id serial primary key, name text not null, currency base.currency not null, channel sales.channel);
create table product.prices (
    list_id integer not null references product.price_lists on delete cascade,
    product_id bigint not null references product.products on delete cascade,
    from_quantity integer not null default 1, during daterange not null, price base.price not null,
    exclude using gist (list_id with =, product_id with =, from_quantity with =, during with &&)
);
create table product.reviews (
    id bigserial primary key, product_id bigint not null references product.products, customer_id bigint not null,
    stars smallint not null check (stars between 1 and 5), body text, published boolean not null default false,
    created_at timestamptz not null default now(), unique (product_id, customer_id)
);

-- ---------------------------------------------------------------------------------------------------------------
-- sales
-- ---------------------------------------------------------------------------------------------------------------

create table sales.customers (
    id bigint generated always as identity (start 10000) primary key,
    number text not null unique default 'C' || currval('sales.order_number'::regclass)::text,
    email citext not null, name text not null, company text, vat base.vat_number, birthday date,
    billing base.address, shipping base.address, language char(2) not null default 'de' references base.languages,
    credit_limit base.money_amount not null default 0, blocked boolean not null default false,
    created_at timestamptz not null default now(), changed_at timestamptz not null default now(),
    constraint person_or_company check (company is not null or birthday is not null) not valid
);
alter table sales.customers alter column number set default 'C' || nextval('sales.order_number');
create unique index customers_email_key on sales.customers (email) where not blocked;
create index customers_hash on sales.customers using hash (name);
create table sales.customer_groups (id serial primary key, name text not null unique, discount base.percent not null default 0);
create table sales.group_members (
    group_id integer references sales.customer_groups on delete cascade, customer_id bigint references sales.customers on delete cascade,
    primary key (customer_id, group_id)
);
create table sales.carts (
    id uuid primary key default gen_random_uuid(), customer_id bigint references sales.customers on delete cascade,
    session text, expires_at timestamptz not null default now() + '14 days'::interval
);
create table sales.cart_lines (
    cart_id uuid references sales.carts on delete cascade, product_id bigint references product.products,
    quantity integer not null check (quantity > 0), primary key (cart_id, product_id)
);
create table sales.coupons (
    code text primary key, percent base.percent, amount base.price, valid tstzrange not null, uses_left integer,
    check (num_nonnulls(percent, amount) = 1)
);
create table sales.orders (
    id bigint not null default nextval('sales.order_number'),
    placed_on date not null default current_date,
    customer_id bigint not null references sales.customers,
    channel sales.channel not null default 'web', state sales.order_state not null default 'cart',
    currency base.currency not null, shipping base.address, coupon text references sales.coupons on update cascade,
    net base.money_amount not null default 0, tax base.money_amount not null default 0,
    gross numeric(15, 4) generated always as (net + tax) stored, note text, changed_at timestamptz not null default now(),
    primary key (id, placed_on)
) partition by range (placed_on);
create table sales.orders_2024 partition of sales.orders for values from ('2024-01-01') to ('2025-01-01');
create table sales.orders_2025 partition of sales.orders for values from ('2025-01-01') to ('2026-01-01') with (fillfactor = 80);
create table sales.orders_rest partition of sales.orders default;
create index orders_customer_idx on sales.orders (customer_id, placed_on desc);
create index orders_open_idx on sales.orders (state) where state < 'delivered';
create table sales.order_lines (
    order_id bigint not null, placed_on date not null, line smallint not null check (line > 0),
    product_id bigint not null references product.products, variant smallint, quantity integer not null,
    price base.price not null, discount base.percent not null default 0, tax_rate base.percent not null,
    total numeric(16, 4) generated always as (quantity * price * (1 - discount / 100)) stored,
    primary key (order_id, placed_on, line),
    foreign key (order_id, placed_on) references sales.orders on delete cascade deferrable initially deferred,
    foreign key (product_id, variant) references product.variants
);
create index order_lines_product_idx on sales.order_lines (product_id) include (quantity, price);
create table sales.order_events (
    id bigint generated always as identity primary key, order_id bigint not null, placed_on date not null,
    state sales.order_state not null, at timestamptz not null default clock_timestamp(), by_role name default session_user,
    foreign key (order_id, placed_on) references sales.orders
);
create table sales.payments (
    id uuid primary key default gen_random_uuid(), order_id bigint not null, placed_on date not null, method text not null,
    amount base.price not null, paid_at timestamptz, reference text,
    check (method in ('card', 'transfer', 'invoice', 'cash')), foreign key (order_id, placed_on) references sales.orders
);
create unique index payments_reference_key on sales.payments (method, reference) where reference is not null;
create table sales.shipments (
    id bigserial primary key, order_id bigint not null, placed_on date not null, carrier text not null, tracking text,
    weight base.weight_range, sent_at timestamptz, foreign key (order_id, placed_on) references sales.orders
);
create table sales.shipment_lines (
    shipment_id bigint references sales.shipments on delete cascade, line smallint, quantity integer not null, primary key (shipment_id, line)
);
create table sales.returns (
    id bigserial primary key, order_id bigint not null, placed_on date not null, reason text not null, received_at timestamptz,
    refunded base.price, foreign key (order_id, placed_on) references sales.orders
);
create table sales.subscriptions (
    id bigserial primary key, customer_id bigint not null references sales.customers, product_id bigint not null references product.products,
    every interval not null default '1 mon' check (every >= '7 days'), next_on date not null, active boolean not null default true,
    exclude using gist (customer_id with =, product_id with =) where (active)
);

-- ---------------------------------------------------------------------------------------------------------------
-- stock
-- ---------------------------------------------------------------------------------------------------------------

create table stock.warehouses (id smallserial primary key, code varchar(8) not null unique, name text not null, address base.address);
create table stock.zones (
    warehouse_id smallint references stock.warehouses, code varchar(4), temperature numrange, primary key (warehouse_id, code)
);
create table stock.places (
    id bigserial primary key, warehouse_id smallint not null, zone varchar(4) not null, aisle smallint not null, shelf smallint not null,
    capacity base.weight_range, blocked bit(4) not null default b'0000',
    foreign key (warehouse_id, zone) references stock.zones on update cascade, unique (warehouse_id, zone, aisle, shelf)
);
create table stock.lots (
    id bigserial primary key, product_id bigint not null references product.products, number text not null, best_before date,
    unique (product_id, number) include (best_before)
);
create table stock.levels (
    place_id bigint references stock.places, product_id bigint references product.products, lot_id bigint references stock.lots,
    on_hand integer not null default 0, reserved integer not null default 0,
    free integer generated always as (on_hand - reserved) stored,
    primary key (place_id, product_id), constraint enough check (reserved <= on_hand)
) with (fillfactor = 60, autovacuum_enabled = true);
create table stock.movements (
    id bigint generated always as identity, warehouse_id smallint not null, at timestamptz not null default now(),
    kind stock.movement_kind not null, product_id bigint not null, quantity integer not null check (quantity <> 0),
    from_place bigint, to_place bigint, by_role text not null default current_user, check (num_nonnulls(from_place, to_place) > 0)
) partition by list (warehouse_id);
create table stock.movements_north partition of stock.movements for values in (1, 2);
create table stock.movements_south partition of stock.movements for values in (3) partition by hash (product_id);
create table stock.movements_south_0 partition of stock.movements_south for values with (modulus 2, remainder 0);
create table stock.movements_south_1 partition of stock.movements_south for values with (modulus 2, remainder 1);
create index movements_at_idx on stock.movements using brin (at);
create table stock.reservations (
    id uuid primary key default gen_random_uuid(), order_id bigint not null, product_id bigint not null references product.products,
    place_id bigint references stock.places, quantity integer not null check (quantity > 0), until timestamptz
);
create table stock.counts (id bigserial primary key, place_id bigint references stock.places, counted_on date default current_date, counted integer);
create table stock.docks (id serial primary key, warehouse_id smallint references stock.warehouses, name text);
create table stock.dock_bookings (
    dock_id integer not null references stock.docks, during tsrange not null, carrier text,
    constraint dock_free exclude using gist (dock_id with =, during with &&) deferrable initially deferred
);
create table stock.assets (id bigserial primary key, name text not null, bought_on date);
create table stock.vehicles (plate text not null, wheels smallint default 4) inherits (stock.assets);
create table stock.forklifts (lifts base.weight_range, check (wheels <= 4)) inherits (stock.vehicles);
create unlogged table stock.scans (at timestamptz default now(), code text, reader inet);

-- ---------------------------------------------------------------------------------------------------------------
-- purchase
-- ---------------------------------------------------------------------------------------------------------------

create table purchase.suppliers (
    id serial primary key, name text not null, vat base.vat_number unique, address base.address, rating numeric(2, 1) check (rating <= 5),
    lead_time interval day to minute, emails citext[] not null default '{}'
);
create table purchase.supplier_products (
    supplier_id integer references purchase.suppliers on delete cascade, product_id bigint references product.products on delete cascade,
    supplier_sku text, price base.price, minimum integer default 1, primary key (supplier_id, product_id)
);
create table purchase.orders (
    id bigserial primary key, supplier_id integer not null references purchase.suppliers, ordered_on date not null default current_date,
    expected daterange, currency base.currency, approved_by text, total base.price,
    constraint four_eyes check (total < 10000 or approved_by is not null)
);
create table purchase.order_lines (
    order_id bigint references purchase.orders on delete cascade, line smallint, product_id bigint not null references product.products,
    quantity integer not null, price base.price not null, received integer not null default 0, primary key (order_id, line)
);
create table purchase.receipts (
    id bigserial primary key, order_id bigint references purchase.orders, warehouse_id smallint references stock.warehouses, at timestamptz default now()
);
create table purchase.complaints (id bigserial primary key, receipt_id bigint references purchase.receipts, words text, pictures uuid[]);

-- ---------------------------------------------------------------------------------------------------------------
-- finance
-- ---------------------------------------------------------------------------------------------------------------

create table finance.accounts (
    number char(4) primary key, name text not null, parent char(4) references finance.accounts, normal finance.side not null,
    closed boolean not null default false
);
create table finance.periods (
    id serial primary key, during daterange not null, closed_at timestamptz, exclude using gist (during with &&),
    check (lower_inc(during) and not upper_inc(during))
);
create table finance.entries (
    id bigint generated always as identity primary key, booked_on date not null, text text not null, document uuid references base.files,
    reverses bigint unique references finance.entries, booked_by name not null default current_user
);
create table finance.postings (
    entry_id bigint references finance.entries on delete restrict on update restrict, line smallint,
    account char(4) not null references finance.accounts, side finance.side not null, amount base.price not null, cost_centre text,
    primary key (entry_id, line)
);
create index postings_account_idx on finance.postings (account, entry_id) include (amount, side);
create table finance.invoices (
    number integer primary key default nextval('finance.invoice_number'), order_id bigint not null, placed_on date not null,
    issued_on date not null default current_date, due_on date not null default (current_date + 14), net base.price not null, tax base.price not null,
    currency base.currency not null, foreign key (order_id, placed_on) references sales.orders on delete no action, check (due_on >= issued_on)
);
create table finance.invoice_lines (
    invoice integer references finance.invoices, line smallint, text text not null, amount base.money_amount not null, primary key (invoice, line)
);
create table finance.dunnings (invoice integer references finance.invoices, level smallint, sent_on date, fee base.price default 5, primary key (invoice, level));
create table finance.bank_accounts (iban text primary key check (iban ~ '^[A-Z]{2}[0-9]{2}'), bic text, holder text, ledger char(4) references finance.accounts);
create table finance.bank_lines (
    id bigserial primary key, iban text references finance.bank_accounts, booked_on date, amount base.money_amount, purpose text, matched integer references finance.invoices
);
create table finance.budgets (
    year smallint, account char(4) references finance.accounts, months base.money_amount[] check (array_length(months, 1) = 12), primary key (year, account)
);
create table finance.tax_reports (period_id integer references finance.periods, form text, figures jsonb, filed_at timestamptz, primary key (period_id, form));

create table audit.log (
    id bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(), role name not null default session_user,
    relation regclass not null, operation text not null, old_row jsonb, new_row jsonb
);
create table audit.logins (role name, at timestamptz default now(), address inet, application text);
create table audit.exports (id bigserial primary key, by_role name not null, query text not null, rows_out bigint, at timestamptz default now());

-- ---------------------------------------------------------------------------------------------------------------
-- What happens by itself
-- ---------------------------------------------------------------------------------------------------------------

create function audit.record() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.log (relation, operation, old_row, new_row)
    values (tg_relid, tg_op, case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
    return null;
end
$$;
create function sales.total_order() returns trigger language plpgsql
as $$
begin
    update sales.orders o set net = s.net, tax = s.tax
    from (select l.order_id, sum(total) as net, sum(total * tax_rate / 100) as tax
          from sales.order_lines l where l.order_id in (select order_id from changed) group by 1) s
    where o.id = s.order_id;
    return null;
end
$$;
create function sales.next_state() returns trigger language plpgsql
as $$
begin
    if new.state < old.state and new.state <> 'void' then
        raise exception 'order % cannot go back from % to %', old.id, old.state, new.state;
    end if;
    return new;
end
$$;
create function finance.balanced() returns trigger language plpgsql
as $$
begin
    if (select sum(case side when 'debit' then amount else -amount end) from finance.postings where entry_id = new.entry_id) <> 0 then
        raise exception 'entry % is not balanced', new.entry_id using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create function finance.book(day date, words text, debit char, credit char, amount base.price) returns bigint
language plpgsql security definer set search_path = ''
as $$
declare made bigint;
begin
    insert into finance.entries (booked_on, text) values (day, words) returning id into made;
    insert into finance.postings values (made, 1, debit, 'debit', amount), (made, 2, credit, 'credit', amount);
    return made;
end
$$;
create procedure stock.reserve(wanted bigint, quantity integer, inout missing integer default 0) language plpgsql
as $$
begin
    update stock.levels set reserved = reserved + reserve.quantity where product_id = wanted and free >= reserve.quantity;
    if not found then missing := reserve.quantity; end if;
end
$$;
create function product.price_on(product bigint, list integer, day date default current_date, quantity integer default 1) returns base.price
language sql stable parallel safe set search_path = ''
as $$
    select price from product.prices p where p.product_id = product and p.list_id = list and p.during @> day and p.from_quantity <= quantity
    order by from_quantity desc limit 1
$$;
create function sales.customer_orders(customer bigint, variadic states sales.order_state[]) returns setof sales.orders
language sql stable rows 50
as $$ select * from sales.orders where customer_id = customer and state = any (states) $$;
create function base.vat(amount numeric, rate base.percent, out net numeric, out tax numeric) language sql immutable
as $$ select round(amount / (1 + rate / 100), 2), amount - round(amount / (1 + rate / 100), 2) $$;

create trigger touch before update on product.products for each row execute function base.touch();
create trigger touch before update on sales.customers for each row execute function base.touch();
create trigger touch before update on sales.orders for each row execute function base.touch();
create trigger forward before update of state on sales.orders for each row when (old.state is distinct from new.state)
    execute function sales.next_state();
create trigger total_new after insert on sales.order_lines referencing new table as changed
    for each statement execute function sales.total_order();
create trigger total_gone after delete on sales.order_lines referencing old table as changed
    for each statement execute function sales.total_order();
create constraint trigger balanced after insert or update on finance.postings deferrable initially deferred
    for each row execute function finance.balanced();
do $$
declare t text;
begin
    foreach t in array array['finance.entries', 'finance.postings', 'finance.invoices', 'sales.customers', 'product.prices'] loop
        execute format('create trigger audited after insert or update or delete on %s for each row execute function audit.record()', t);
    end loop;
end $$;
alter table product.prices disable trigger audited;
alter table sales.customers enable always trigger audited;
create rule keep_entries as on delete to finance.entries do instead nothing;
create rule keep_postings as on delete to finance.postings where old.amount > 0 do instead nothing;
comment on trigger balanced on finance.postings is 'debit is credit';
comment on rule keep_entries on finance.entries is 'reverse it instead';
comment on constraint four_eyes on purchase.orders is 'two sign for large ones';

-- ---------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------

create view product.shop_list with (security_barrier = true) as
    select p.id, p.sku, p.name, b.name as brand, p.list_price, base.weight_class(p.weight_kg) as parcel
    from product.products p left join product.brands b on b.id = p.brand_id where p.discontinued_on is null;
create view product.category_tree as
    with recursive tree as (
        select id, name, 1 as depth from product.categories where parent_id is null
        union all
        select c.id, c.name, t.depth + 1 from product.categories c join tree t on c.parent_id = t.id
    )
    select * from tree;
create view sales.open_orders as
    select o.id, o.placed_on, c.name as customer, o.state, o.gross from sales.orders o join sales.customers c on c.id = o.customer_id
    where o.state not in ('delivered', 'void');
create view sales.web_customers as select id, email, name, language from sales.customers where not blocked with cascaded check option;
create view stock.available as select product_id, sum(free) as free from stock.levels group by product_id;
create view stock.short as select a.product_id, a.free, p.name from stock.available a join product.products p on p.id = a.product_id where a.free < 5;
create view finance.balance as
    select account, sum(amount) filter (where side = 'debit') as debit, sum(amount) filter (where side = 'credit') as credit
    from finance.postings group by account;
create view finance.receivables as select number, due_on, net + tax as gross, current_date - due_on as days from finance.invoices;
create function sales.insert_note() returns trigger language plpgsql
as $$ begin update sales.orders set note = new.state::text where id = new.id; return new; end $$;
create trigger note instead of update on sales.open_orders for each row execute function sales.insert_note();
create materialized view sales.monthly as
    select date_trunc('month', placed_on) as month, channel, count(*) as orders, sum(gross) as gross from sales.orders group by 1, 2;
create unique index monthly_key on sales.monthly (month, channel);
create materialized view product.best_sellers with (fillfactor = 95) as
    select l.product_id, sum(l.quantity) as sold, rank() over (order by sum(l.quantity) desc) as place
    from sales.order_lines l group by l.product_id with no data;
create index best_sellers_place_idx on product.best_sellers (place);
create materialized view finance.yearly as
    select extract(year from e.booked_on)::integer as year, p.account, sum(p.amount) as amount
    from finance.entries e join finance.postings p on p.entry_id = e.id group by 1, 2;

-- ---------------------------------------------------------------------------------------------------------------
-- Who owns what, and who may what
-- ---------------------------------------------------------------------------------------------------------------

do $$
declare o record;
begin
    for o in select c.oid::regclass as name, relkind from pg_class c join pg_namespace n on n.oid = relnamespace
             where nspname in ('base', 'product', 'sales', 'stock', 'purchase', 'finance') and relkind in ('r', 'p', 'v', 'm') loop
        execute format('alter %s %s owner to shop_owner',
                       case o.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, o.name);
    end loop;
    for o in select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = pronamespace
             where nspname in ('product', 'sales', 'stock', 'finance') loop
        execute format('alter routine %s owner to shop_owner', o.name);
    end loop;
end $$;
grant usage on schema base to public;
grant usage on schema product, sales to shop_web, shop_staff, shop_report;
grant usage on schema stock, purchase to shop_stock, shop_report;
grant usage on schema finance to shop_finance, shop_report;
grant select on all tables in schema base, product to shop_web, shop_staff, shop_report;
grant select on all tables in schema sales, stock, purchase, finance to shop_report;
revoke select on sales.customers from shop_report;
grant select (id, number, language, created_at) on sales.customers to shop_report;
grant select, insert, update on sales.customers, sales.carts, sales.cart_lines, sales.orders, sales.order_lines to shop_web;
grant delete on sales.carts, sales.cart_lines to shop_web;
revoke update on sales.customers from shop_web;
grant update (name, shipping, billing, language) on sales.customers to shop_web;
grant insert (product_id, customer_id, stars, body) on product.reviews to shop_web;
grant usage on sequence sales.order_number to shop_web;
grant usage, select on all sequences in schema stock to shop_stock;
grant all on all tables in schema stock to shop_stock;
revoke truncate on stock.movements from shop_stock;
grant select, insert, update, delete on all tables in schema purchase to shop_stock with grant option;
grant select, insert on finance.entries, finance.postings, finance.invoices to shop_finance;
grant references on product.products to shop_staff;
revoke execute on function finance.book(date, text, char, char, base.price) from public;
grant execute on function finance.book(date, text, char, char, base.price) to shop_finance;
revoke execute on procedure stock.reserve(bigint, integer, integer) from public;
grant execute on procedure stock.reserve(bigint, integer, integer) to shop_stock, shop_web;
revoke usage on type base.address from public;
grant usage on type base.address to shop_web, shop_staff, shop_owner;
alter default privileges for role shop_owner in schema product grant select on tables to shop_web, shop_staff;
alter default privileges for role shop_owner grant usage on sequences to shop_staff;
alter default privileges for role shop_owner revoke execute on functions from public;

-- A customer's own orders, for the web service, by a setting of its session.
alter table sales.orders enable row level security;
create policy own_orders on sales.orders to shop_web
    using (customer_id = nullif(current_setting('shop.customer', true), '')::bigint);
create policy staff_orders on sales.orders to shop_staff using (true);
create policy not_void on sales.orders as restrictive for update to shop_staff using (state <> 'void');

create publication shop_warehouse for table stock.levels, stock.movements with (publish = 'insert, update', publish_via_partition_root = true);
create publication shop_search for table product.products, product.translations;
alter table stock.levels replica identity full;
alter table product.variants replica identity using index variants_pkey;
cluster product.variants using variants_pkey;

--- since 140000
create type base.slots as range (subtype = time, multirange_type_name = base.many_slots);
create statistics sales.orders_month (mcv) on (date_trunc('month', changed_at)), channel from sales.orders;
--- since 150000
alter view sales.web_customers set (security_invoker = true);
create unique index zones_codes on stock.zones (code, temperature) nulls not distinct;
create publication shop_public for table product.brands (id, name) where (id > 0);
create publication shop_partners for tables in schema purchase with (publish = 'insert');

-- Stock: lots, movements, units with a function in a check, views as guards, quoted and odd names, a rule.
create schema "Stock & Co";
set search_path = "Stock & Co", public;

create function is_ean13(code text) returns boolean language sql immutable as $$
    select code ~ '^[0-9]{13}$' and (10 - (select sum(substr(code, i, 1)::int * (case when i % 2 = 1 then 1 else 3 end)) from generate_series(1, 12) i) % 10) % 10 = substr(code, 13, 1)::int
$$;
create function is_slug(t text) returns boolean language sql immutable as $$ select t ~ '^[a-z0-9-]+$' and length(t) < 30 $$;

create table "Units" (code text primary key check (code in ('pcs', 'kg', 'l', 'm')), factor numeric not null check (factor > 0));
create table "Items" (
    "Item No" text primary key check ("Item No" ~ '^\d{2}\.\d{3}\.\d{2}$'),
    "order" int not null check ("order" >= 0),
    name text not null check (is_slug(name)),
    ean text unique check (is_ean13(ean)),
    unit text not null references "Units",
    "min%" numeric(5, 2) not null default 0 check ("min%" >= 0 and "min%" <= 100),
    lot_tracked boolean not null,
    shelf_life interval check (shelf_life >= '1 day'),
    dims box, hazard bit(4) not null default B'0000', notes xml,
    check (lot_tracked or shelf_life is null)
);
create table warehouses (
    id smallint primary key,
    name varchar(20) not null unique,
    area polygon, center point not null,
    manager text, manager_phone text,
    check (manager is not null or manager_phone is null)
);
create table bins (
    warehouse smallint references warehouses,
    aisle char(1) check (aisle between 'A' and 'Z'),
    shelf smallint check (shelf between 1 and 20),
    max_kg real not null check (max_kg > 0),
    label text generated always as (aisle || '-' || shelf::text) stored,
    primary key (warehouse, aisle, shelf)
);
create table lots (
    item text references "Items", lot text check (lot ~ '^L\d{6}$'),
    made date not null, expires date not null,
    check (expires > made and expires <= made + 3650),
    primary key (item, lot)
);
create table stock (
    warehouse smallint, aisle char(1), shelf smallint, item text, lot text,
    quantity numeric(12, 3) not null check (quantity >= 0),
    reserved numeric(12, 3) not null default 0,
    available numeric(12, 3) generated always as (quantity - reserved) stored,
    check (reserved between 0 and quantity),
    foreign key (warehouse, aisle, shelf) references bins,
    foreign key (item, lot) references lots,
    primary key (warehouse, aisle, shelf, item, lot)
);
create table movements (
    id bigint generated always as identity primary key,
    item text not null references "Items",
    from_bin int, to_bin int,
    kind text not null check (kind in ('in', 'out', 'move', 'count')),
    quantity numeric not null,
    moved_at timestamptz not null default now(),
    constraint bins_by_kind check (
        case when kind = 'in' then from_bin is null and to_bin is not null
             when kind = 'out' then from_bin is not null and to_bin is null
             when kind = 'move' then from_bin is not null and to_bin is not null and from_bin <> to_bin
             else true end),
    check (quantity <> 0 and (kind = 'count' or quantity > 0))
);
create table suppliers (
    id int primary key, name text not null,
    vat_id text not null, country text not null check (country in ('DE', 'AT', 'CH')),
    check (vat_id like country || '%'),
    terms jsonb not null check ((terms ->> 'days')::int between 0 and 120),
    rating int check (rating is null or rating in (1, 2, 3)), emails text[] not null check (array_position(emails, null) is null)
);
create table purchase_orders (
    id int primary key, supplier int not null references suppliers,
    state text not null default 'open', lines int not null default 0 check (lines >= 0),
    ordered date not null, expected date not null, received date,
    check (state = 'open' and received is null or state = 'received' and received is not null),
    check (expected - ordered between 1 and 180),
    check (received is null or received >= ordered)
);
create table counts (
    id int primary key, item text references "Items",
    expected int not null, counted int not null, difference int not null,
    check (difference = counted - expected), check (abs(difference) <= 10),
    counted_by text not null default current_user
);
create function fill() returns trigger language plpgsql as $$
begin
    new.counted_by := coalesce(nullif(new.counted_by, ''), 'system');
    if new.expected < 0 then raise exception 'expected must not be negative'; end if;
    if new.counted < 0 then raise exception 'counted must not be negative'; end if;
    return new;
end $$;
create trigger fill before insert on counts for each row execute function fill();

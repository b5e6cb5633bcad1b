-- title: A trigger that looks once and never again
-- class: validating trigger that does not fire on update
-- leak: public.deliveries update authenticated
-- owner: warehouses.keeper_id
-- owner: deliveries.created_by
-- because: the trigger looks at updates too

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table warehouses (
    id integer generated always as identity primary key,
    keeper_id uuid not null references auth.users on delete cascade,
    name text not null unique
);
create table deliveries (
    id bigint generated always as identity primary key,
    warehouse_id integer not null references warehouses on delete cascade,
    created_by uuid not null default auth.uid(),
    pallets integer not null check (pallets between 1 and 33),
    arrives date not null
);
create function own_warehouse() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    if auth.uid() is not null and not exists (
        select from public.warehouses w where w.id = new.warehouse_id and w.keeper_id = auth.uid()) then
        raise exception 'not your warehouse';
    end if;
    return new;
end
$$;
-- leaky:
create trigger own_warehouse before insert on deliveries for each row execute function own_warehouse();
-- safe:
create trigger own_warehouse before insert or update on deliveries for each row execute function own_warehouse();
-- both:
alter table warehouses enable row level security;
alter table deliveries enable row level security;
create policy own on warehouses for select to authenticated using (keeper_id = auth.uid());
create policy own on deliveries to authenticated using (created_by = auth.uid());
create policy keeper on deliveries for select to authenticated using (warehouse_id in (select w.id from warehouses w));

-- attack: announce at home, then redirect
insert into warehouses overriding system value values (1, :A, 'North'), (2, :B, 'South');
-- as: authenticated A
insert into deliveries (warehouse_id, pallets, arrives) values (1, 33, '2026-01-01');
update deliveries set warehouse_id = 2;
-- as: superuser
select count(*) from deliveries where warehouse_id = 2;
-- control:
-- as: authenticated B
insert into deliveries (warehouse_id, pallets, arrives) values (2, 3, '2026-01-01');
select count(*) from deliveries;

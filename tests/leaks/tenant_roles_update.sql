-- title: Farms that log in each with a role of its own
-- class: WITH CHECK (true), one login role a tenant
-- leak: public.fields update farm_ant
-- leak: public.fields update farm_bee
-- owner: fields.farm
-- because: without WITH CHECK the new row too must be the farm's own

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role farms nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role farm_ant login in role farms; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role farm_bee login in role farms; exception when duplicate_object or unique_violation then null; end $$;
create table crops (name text primary key);
insert into crops values ('rye'), ('flax');
create table fields (
    id integer generated always as identity primary key,
    farm name not null default current_user,
    crop text not null references crops,
    hectares numeric(6, 2) not null check (hectares > 0),
    sown date not null
);
alter table fields enable row level security;
create policy read on fields for select to farms using (farm = current_user);
create policy add on fields for insert to farms with check (farm = current_user);
-- leaky:
create policy edit on fields for update to farms using (farm = current_user) with check (true);
-- safe:
create policy edit on fields for update to farms using (farm = current_user);
-- both:
grant select on crops to farms;
grant select, insert, update on fields to farms;

-- attack: push a field, and its debts, onto the neighbour
insert into fields (farm, crop, hectares, sown) values ('farm_ant', 'rye', 1, '2026-01-01');
-- as: farm_ant
update fields set farm = 'farm_bee';
-- as: superuser
select count(*) from fields where farm = 'farm_bee';
-- control:
-- as: farm_ant
update fields set crop = 'flax';
select count(*) from fields where crop = 'flax';

-- title: Salons that are all members of one role
-- class: membership of the wrong role, one login role a tenant
-- leak: public.appointments select salon_ant
-- leak: public.appointments select salon_bee
-- owner: appointments.salon
-- because: membership of the role that the row names is asked for, not of the one that all salons share

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role salons nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role salon_ant login in role salons; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role salon_bee login in role salons; exception when duplicate_object or unique_violation then null; end $$;
create table appointments (
    id bigint generated always as identity primary key,
    salon name not null default current_user,
    client text not null,
    phone text check (phone ~ '^[0-9 /-]{5,20}$'),
    starts timestamptz not null,
    minutes smallint not null check (minutes in (15, 30, 45, 60))
);
alter table appointments enable row level security;
create policy own on appointments to salons using (
-- leaky:
    pg_has_role(current_user, 'salons', 'member'))
-- safe:
    pg_has_role(current_user, salon, 'member'))
-- both:
    with check (salon = current_user);
grant select, insert, delete on appointments to salons;

-- attack: log in as another salon
insert into appointments (salon, client, starts, minutes) values ('salon_bee', 'canary', '2026-01-01', 30);
-- as: salon_ant
select count(*) from appointments;
-- control:
-- as: salon_bee
select count(*) from appointments;

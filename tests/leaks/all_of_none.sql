-- title: Whoever belongs nowhere sees everything
-- class: = ALL of an empty set
-- leak: public.reports select authenticated
-- tenant: reports.agency_id
-- tenant: agency_users.agency_id
-- because: = ANY of no agencies is false; = ALL of none is true

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table agencies (id uuid primary key default gen_random_uuid(), name text not null);
create table agency_users (
    user_id uuid primary key,
    agency_id uuid not null references agencies on delete cascade,
    started date not null
);
create table reports (
    id bigint generated always as identity primary key,
    agency_id uuid not null references agencies on delete cascade,
    quarter text not null check (quarter ~ '^[0-9]{4}Q[1-4]$'),
    body text not null,
    unique (agency_id, quarter)
);
alter table agencies enable row level security;
alter table agency_users enable row level security;
alter table reports enable row level security;
create policy me on agency_users for select to authenticated using (user_id = auth.uid());
create policy mine on agencies for select to authenticated using (id in (select u.agency_id from agency_users u));
create policy mine on reports for select to authenticated
-- leaky:
    using (agency_id = all (select u.agency_id from agency_users u where u.user_id = auth.uid()));
-- safe:
    using (agency_id = any (select u.agency_id from agency_users u where u.user_id = auth.uid()));
-- both:

-- attack: sign up and join nothing
insert into agencies values (:OB, 'Bee');
insert into agency_users values (:B, :OB, '2026-01-01');
insert into reports (agency_id, quarter, body) values (:OB, '2026Q1', 'canary');
-- as: authenticated A
select count(*) from reports;
-- control:
-- as: authenticated B
select count(*) from reports;

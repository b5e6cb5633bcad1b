-- title: An organisation chosen by a request header
-- class: organisation claimed without a membership check
-- leak: public.shipments select authenticated
-- tenant: shipments.org_id
-- tenant: org_users.org_id
-- because: the chosen organisation counts only for its members

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table orgs (id uuid primary key default gen_random_uuid(), code text not null unique check (code ~ '^[A-Z]{3}$'));
create table org_users (
    org_id uuid not null references orgs on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    primary key (org_id, user_id)
);
create table shipments (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references orgs on delete cascade,
    consignee text not null,
    weight_kg numeric(7, 3) not null check (weight_kg > 0),
    shipped_on date not null
);
create function chosen_org() returns uuid language sql stable as $$
    select (nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-org-id')::uuid
$$;
create function in_chosen_org(org uuid) returns boolean language sql stable security definer set search_path = '' as $$
    select org = public.chosen_org()
-- leaky:
-- safe:
        and exists (select from public.org_users u where u.org_id = org and u.user_id = auth.uid())
-- both:
$$;
alter table orgs enable row level security;
alter table org_users enable row level security;
alter table shipments enable row level security;
create policy me on org_users for select to authenticated using (user_id = auth.uid());
create policy mine on orgs for select to authenticated using (id in (select u.org_id from org_users u));
create policy chosen on shipments for select to authenticated using (in_chosen_org(org_id));

-- attack: send another organisation's id in the header
insert into orgs values (:OA, 'ANT'), (:OB, 'BEE');
insert into org_users values (:OA, :A), (:OB, :B);
insert into shipments (org_id, consignee, weight_kg, shipped_on) values (:OB, 'canary', 1, '2026-01-01');
-- as: authenticated A request.headers={"x-org-id":":OB"}
select count(*) from shipments where consignee = 'canary';
-- control:
-- as: authenticated B request.headers={"x-org-id":":OB"}
select count(*) from shipments where consignee = 'canary';

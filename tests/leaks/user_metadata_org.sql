-- title: A tenant by his own word
-- class: organisation taken from user_metadata
-- leak: public.leads select authenticated
-- leak: public.leads insert authenticated
-- tenant: leads.org_id
-- because: the organisation comes from app_metadata, which the user cannot write

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table orgs (
    id uuid primary key,
    name text not null,
    parent_id uuid references orgs check (parent_id <> id)
);
create table leads (
    org_id uuid not null references orgs on delete cascade,
    number integer not null check (number > 0),
    company text not null,
    probability numeric(3, 2) not null check (probability between 0 and 1),
    primary key (org_id, number)
);
create function my_org() returns uuid language sql stable as $$
-- leaky:
    select (auth.jwt() -> 'user_metadata' ->> 'org_id')::uuid
-- safe:
    select (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid
-- both:
$$;
alter table orgs enable row level security;
alter table leads enable row level security;
create policy mine on orgs for select to authenticated using (id = (select my_org()));
create policy mine on leads to authenticated using (org_id = (select my_org())) with check (org_id = (select my_org()));
grant select on orgs to authenticated;
grant select, insert, update, delete on leads to authenticated;

-- attack: write another organisation into one's metadata
insert into orgs values (:OA, 'Ant'), (:OB, 'Bee');
insert into leads values (:OB, 1, 'canary', 0.5);
-- as: authenticated A {"app_metadata": {"org_id": ":OA"}, "user_metadata": {"org_id": ":OB"}}
select count(*) from leads where company = 'canary';
-- control:
-- as: authenticated B {"app_metadata": {"org_id": ":OB"}, "user_metadata": {"org_id": ":OB"}}
select count(*) from leads where company = 'canary';

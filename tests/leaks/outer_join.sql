-- title: A membership that is looked for and need not be found
-- class: outer join in a policy
-- leak: public.readings select authenticated
-- leak: public.readings insert authenticated
-- tenant: sites.utility_id
-- tenant: utility_users.utility_id
-- because: the inner join drops the sites of which the caller's utility is not the owner

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table utilities (id smallint primary key, name text not null unique);
create table utility_users (
    utility_id smallint not null references utilities on delete cascade,
    user_id uuid not null,
    primary key (utility_id, user_id)
);
create table sites (
    id bigint generated always as identity primary key,
    utility_id smallint not null references utilities on delete cascade,
    meter macaddr not null unique
);
create table readings (
    site_id bigint not null references sites on delete cascade,
    read_at timestamptz not null,
    litres bigint not null check (litres >= 0),
    remark text,
    primary key (site_id, read_at)
);
create function may_use_site(site bigint) returns boolean language sql stable security definer set search_path = '' as $$
    select exists (
        select from public.sites s
-- leaky:
        left join public.utility_users u on u.utility_id = s.utility_id and u.user_id = auth.uid()
-- safe:
        join public.utility_users u on u.utility_id = s.utility_id and u.user_id = auth.uid()
-- both:
        where s.id = site)
$$;
alter table utilities enable row level security;
alter table utility_users enable row level security;
alter table sites enable row level security;
alter table readings enable row level security;
create policy me on utility_users for select to authenticated using (user_id = auth.uid());
create policy mine on utilities for select to authenticated using (id in (select u.utility_id from utility_users u));
create policy mine on sites for select to authenticated using (utility_id in (select u.utility_id from utility_users u));
create policy mine on readings to authenticated using (may_use_site(site_id)) with check (may_use_site(site_id));

-- attack: be a user of another utility
insert into utilities values (1, 'Ant'), (2, 'Bee');
insert into utility_users values (1, :A), (2, :B);
insert into sites overriding system value values (1, 2, '08:00:2b:01:02:03');
insert into readings values (1, '2026-01-01', 5, 'canary');
-- as: authenticated A
select count(*) from readings;
-- control:
-- as: authenticated B
select count(*) from readings;

-- title: A view that minds its caller, over one that does not
-- class: view over a view without security_invoker
-- leak: public.claims select authenticated via public.claim_summary
-- leak: public.claims select authenticated via public.claim_details
-- owner: policies.holder_id
-- because: both views run as who reads them

alter default privileges in schema public revoke all on tables from anon, authenticated;
create type claim_state as enum ('filed', 'assessed', 'settled');
create table policies (
    number text primary key check (number ~ '^[A-Z]{2}-[0-9]{7}$'),
    holder_id uuid not null,
    kind text not null check (kind in ('home', 'car'))
);
create table claims (
    id bigint generated always as identity primary key,
    policy text not null references policies,
    state claim_state not null,
    damage text not null,
    occurred date not null,
    settled numeric(10, 2),
    check ((state = 'settled') = (settled is not null))
);
alter table policies enable row level security;
alter table claims enable row level security;
create policy own on policies for select to authenticated using (holder_id = auth.uid());
create policy own on claims for select to authenticated using (policy in (select p.number from policies p));
-- leaky:
create view claim_details as
-- safe:
create view claim_details with (security_invoker = true) as
-- both:
    select c.id, c.policy, p.kind, c.state, c.damage, c.occurred from claims c join policies p on p.number = c.policy;
create view claim_summary with (security_invoker = true) as
    select d.policy, d.state, count(*) as claims, string_agg(d.damage, '; ') as damages
    from claim_details d group by d.policy, d.state;
grant select on policies, claims, claim_details, claim_summary to authenticated;

-- attack: read the summary
insert into policies values ('HO-1234567', :B, 'home');
insert into claims (policy, state, damage, occurred) values ('HO-1234567', 'filed', 'canary', '2026-01-01');
-- as: authenticated A
select count(*) from claim_summary where damages = 'canary';
-- control:
-- as: authenticated B
select count(*) from claim_summary where damages = 'canary';

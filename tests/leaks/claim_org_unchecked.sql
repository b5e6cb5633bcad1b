-- title: An organisation that the user has left, still in the token
-- class: claims name an organisation, membership not checked
-- leak: public.contracts select authenticated
-- tenant: contracts.org_id
-- tenant: memberships.org_id
-- because: besides the claim a membership is asked for, and it ended

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table organizations (id uuid primary key default gen_random_uuid(), name text not null);
create table memberships (
    org_id uuid not null references organizations on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    left_on date,
    primary key (org_id, user_id)
);
create table contracts (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations on delete cascade,
    reference text not null unique check (reference ~ '^C-[0-9]{4}/[0-9]{2}$'),
    signed_on date not null
);
alter table organizations enable row level security;
alter table memberships enable row level security;
alter table contracts enable row level security;
create policy me on memberships for select to authenticated using (user_id = auth.uid());
create policy mine on organizations for select to authenticated
    using (id in (select m.org_id from memberships m where m.left_on is null));
create policy mine on contracts for select to authenticated using (
-- leaky:
    org_id = (auth.jwt() ->> 'org_id')::uuid);
-- safe:
    org_id = (auth.jwt() ->> 'org_id')::uuid
    and org_id in (select m.org_id from memberships m where m.user_id = auth.uid() and m.left_on is null));
-- both:

-- attack: come with the token of before
insert into organizations values (:OB, 'Bee');
insert into memberships values (:OB, :B, null), (:OB, :A, '2025-12-31');
insert into contracts (org_id, reference, signed_on) values (:OB, 'C-0001/26', '2026-01-01');
-- as: authenticated A {"org_id": ":OB"}
select count(*) from contracts;
-- control:
-- as: authenticated B {"org_id": ":OB"}
select count(*) from contracts;

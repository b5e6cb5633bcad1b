-- title: Members who were removed and still read
-- class: soft-deleted membership
-- leak: public.minutes select authenticated
-- tenant: board_members.association_id
-- tenant: minutes.association_id
-- because: a membership with a date of removal does not count

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create extension btree_gist with schema extensions;
create table associations (id uuid primary key default gen_random_uuid(), name text not null);
create table board_members (
    id bigint generated always as identity primary key,
    association_id uuid not null references associations on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    term daterange not null,
    removed_at timestamptz,
    exclude using gist (term with &&, user_id with =, association_id with =)
);
create table minutes (
    association_id uuid not null references associations on delete cascade,
    held_on date not null,
    text text not null,
    deleted_at timestamptz,
    primary key (association_id, held_on)
);
create function my_boards() returns setof uuid language sql stable security definer set search_path = '' as $$
    select m.association_id from public.board_members m where m.user_id = auth.uid()
-- leaky:
-- safe:
    and m.removed_at is null
-- both:
$$;
alter table associations enable row level security;
alter table board_members enable row level security;
alter table minutes enable row level security;
create policy mine on associations for select to authenticated using (id in (select my_boards()));
create policy me on board_members for select to authenticated using (user_id = auth.uid() and removed_at is null);
create policy mine on minutes for select to authenticated
    using (association_id in (select my_boards()) and deleted_at is null);

-- attack: read after having been removed
insert into associations values (:OB, 'Bee');
insert into board_members (association_id, user_id, term, removed_at)
values (:OB, :B, '[2020-01-01,)', null), (:OB, :A, '[2020-01-01,)', '2021-01-01');
insert into minutes values (:OB, '2026-01-01', 'canary');
-- as: authenticated A
select count(*) from minutes where text = 'canary';
-- control:
-- as: authenticated B
select count(*) from minutes where text = 'canary';

-- title: An invitation that the guest writes himself
-- class: sequence of two writes
-- leak: public.board_posts select authenticated via public.accept_invite(uuid)
-- leak: public.invites insert authenticated
-- tenant: group_members.group_id
-- tenant: board_posts.group_id
-- because: only who belongs to the group invites into it

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table groups (id uuid primary key default gen_random_uuid(), name text not null);
create table group_members (
    group_id uuid not null references groups on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    primary key (group_id, user_id)
);
create table invites (
    token uuid primary key default gen_random_uuid(),
    group_id uuid not null references groups on delete cascade,
    invited_by uuid not null default auth.uid() references auth.users on delete cascade,
    expires_at timestamptz not null default now() + interval '7 days',
    accepted_at timestamptz
);
create table board_posts (
    id bigint generated always as identity primary key,
    group_id uuid not null references groups on delete cascade,
    body text not null check (length(body) >= 3)
);
create function my_groups() returns setof uuid language sql stable security definer set search_path = ''
    as $$ select m.group_id from public.group_members m where m.user_id = auth.uid() $$;
create function accept_invite(invite uuid) returns void language sql security definer set search_path = '' as $$
    with taken as (
        update public.invites set accepted_at = now()
        where token = invite and accepted_at is null and expires_at > now() returning group_id
    )
    insert into public.group_members select group_id, auth.uid() from taken on conflict do nothing
$$;
revoke execute on function accept_invite(uuid) from public, anon;
alter table groups enable row level security;
alter table group_members enable row level security;
alter table invites enable row level security;
alter table board_posts enable row level security;
create policy mine on groups for select to authenticated using (id in (select my_groups()));
create policy mine on group_members for select to authenticated using (group_id in (select my_groups()));
create policy mine on board_posts for select to authenticated using (group_id in (select my_groups()));
create policy mine on invites for select to authenticated using (invited_by = auth.uid());
-- leaky:
create policy invite on invites for insert to authenticated with check (invited_by = auth.uid());
-- safe:
create policy invite on invites for insert to authenticated
    with check (invited_by = auth.uid() and group_id in (select my_groups()));
-- both:

-- attack: invite oneself, accept, read
insert into groups values (:OA, 'Ant'), (:OB, 'Bee');
insert into group_members values (:OA, :A), (:OB, :B);
insert into board_posts (group_id, body) values (:OB, 'canary');
-- as: authenticated A
insert into invites (token, group_id) values ('11111111-2222-4333-8444-555555555555', :OB);
select accept_invite('11111111-2222-4333-8444-555555555555');
select count(*) from board_posts where body = 'canary';
-- control:
-- as: authenticated B
insert into invites (token, group_id) values ('11111111-2222-4333-8444-555555555555', :OB);
-- as: authenticated A
select accept_invite('11111111-2222-4333-8444-555555555555');
select count(*) from board_posts where body = 'canary';

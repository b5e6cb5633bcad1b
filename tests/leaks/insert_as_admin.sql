-- title: A profile that is created with whatever rank
-- class: self-promotion on insert
-- leak: public.moderation_queue select authenticated
-- leak: public.profiles insert authenticated
-- owner: profiles.id
-- owner: moderation_queue.reported_by
-- because: a profile is created with the lowest rank

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type rank as enum ('reader', 'writer', 'moderator');
create table profiles (
    id uuid primary key default auth.uid() references auth.users on delete cascade,
    username text not null unique check (username ~ '^[a-z][a-z0-9_]{2,19}$'),
    rank rank not null default 'reader',
    born date not null check (born > '1900-01-01')
);
create table moderation_queue (
    id bigint generated always as identity primary key,
    reported_by uuid not null default auth.uid() references auth.users on delete cascade,
    reason text not null check (length(reason) >= 5),
    reported_at timestamptz not null default now()
);
alter table profiles enable row level security;
alter table moderation_queue enable row level security;
create policy own on profiles for select to authenticated using (id = auth.uid());
create policy report on moderation_queue for insert to authenticated with check (reported_by = auth.uid());
create policy own on moderation_queue for select to authenticated using (reported_by = auth.uid());
create policy moderate on moderation_queue for select to authenticated
    using (exists (select from profiles p where p.id = auth.uid() and p.rank = 'moderator'));
create policy sign_up on profiles for insert to authenticated
-- leaky:
    with check (id = auth.uid());
-- safe:
    with check (id = auth.uid() and rank = 'reader');
-- both:

-- attack: sign up as a moderator
insert into moderation_queue (reported_by, reason) values (:B, 'canary');
-- as: authenticated A
insert into profiles (username, rank, born) values ('mallory', 'moderator', '1990-01-01');
select count(*) from moderation_queue;
-- control:
-- as: authenticated B
insert into profiles (username, born) values ('bea', '1990-01-01');
select count(*) from moderation_queue;

-- title: High scores taken over by an upsert
-- class: upsert path
-- leak: public.handles update authenticated
-- owner: handles.user_id
-- owner: scores.user_id
-- because: an existing handle is updated only by who has it

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table handles (
    handle text primary key check (handle ~ '^[a-z0-9_]{3,15}$'),
    user_id uuid not null references auth.users on delete cascade,
    bio text not null default ''
);
create table scores (
    user_id uuid not null references auth.users on delete cascade,
    game smallint not null check (game > 0),
    points integer not null check (points >= 0),
    played_on date not null,
    primary key (user_id, game)
);
alter table handles enable row level security;
alter table scores enable row level security;
create policy own on scores to authenticated using (user_id = auth.uid());
create policy own on handles for select to authenticated using (user_id = auth.uid());
create policy claim on handles for insert to authenticated with check (user_id = auth.uid());
create policy keep on handles for update to authenticated
-- leaky:
    using (true) with check (user_id = auth.uid());
-- safe:
    using (user_id = auth.uid()) with check (user_id = auth.uid());
-- both:

-- attack: every handle becomes the attacker's (an upsert would need to see the row; a bare update does not)
insert into handles values ('bea', :B, 'canary');
-- as: authenticated A
update handles set user_id = :A;
-- as: superuser
select count(*) from handles where handle = 'bea' and user_id = :A;
-- control:
-- as: authenticated B
insert into handles values ('bea', :B) on conflict (handle) do update set bio = 'new';
select count(*) from handles where bio = 'new';

-- title: Applicants who read as if they had been admitted
-- class: a membership that is only asked for counts
-- leak: public.club_events select authenticated
-- owner: club_members.user_id
-- tenant: club_events.club_id
-- because: only the last label, admitted, opens the events; nobody admits himself

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type membership_state as enum ('requested', 'refused', 'paused', 'admitted');
create table clubs (id smallint primary key check (id > 0), name text not null);
create table club_members (
    club_id smallint not null references clubs on delete cascade,
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    state membership_state not null,
    asked_on date not null,
    primary key (club_id, user_id)
);
create table club_events (
    id bigint generated always as identity primary key,
    club_id smallint not null references clubs on delete cascade,
    place text not null,
    during tstzrange not null check (not isempty(during) and upper_inf(during) is false)
);
alter table clubs enable row level security;
alter table club_members enable row level security;
alter table club_events enable row level security;
create policy me on club_members for select to authenticated using (user_id = auth.uid());
create policy ask on club_members for insert to authenticated with check (user_id = auth.uid() and state = 'requested');
create policy mine on clubs for select to authenticated
    using (id in (select m.club_id from club_members m where m.state = 'admitted'));
create policy mine on club_events for select to authenticated using (exists (
    select from club_members m where m.user_id = auth.uid() and m.club_id = club_events.club_id
-- leaky:
    and m.state <> 'refused'));
-- safe:
    and m.state = 'admitted'));
-- both:

-- attack: ask to be admitted, and read at once
insert into clubs values (1, 'Bee');
insert into club_members values (1, :B, 'admitted', '2026-01-01');
insert into club_events (club_id, place, during) values (1, 'canary', '[2026-01-01,2026-01-02)');
-- as: authenticated A
insert into club_members (club_id, state, asked_on) values (1, 'requested', '2026-01-02');
select count(*) from club_events;
-- control:
-- as: authenticated B
select count(*) from club_events;

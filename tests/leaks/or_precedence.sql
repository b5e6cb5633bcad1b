-- title: Cards seen by the team or by their author, without brackets
-- class: precedence of AND and OR
-- leak: public.cards select authenticated
-- leak: public.cards update authenticated
-- tenant: boards.team_id
-- tenant: team_users.team_id
-- because: the brackets keep the organisation's condition in force for both alternatives

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type visibility as enum ('private', 'team');
create table teams (id integer primary key, name text not null);
create table team_users (team_id integer not null references teams on delete cascade, user_id uuid not null,
    primary key (team_id, user_id));
create table boards (
    id uuid primary key default gen_random_uuid(),
    team_id integer not null references teams on delete cascade,
    name text not null,
    unique (id, team_id)
);
create table cards (
    id bigint generated always as identity primary key,
    board_id uuid not null,
    team_id integer not null,
    author_id uuid not null,
    visibility visibility not null default 'private',
    text text not null,
    foreign key (board_id, team_id) references boards (id, team_id) on delete cascade
);
create function my_teams() returns setof integer language sql stable security definer set search_path = ''
    as $$ select u.team_id from public.team_users u where u.user_id = auth.uid() $$;
alter table teams enable row level security;
alter table team_users enable row level security;
alter table boards enable row level security;
alter table cards enable row level security;
create policy mine on teams for select to authenticated using (id in (select my_teams()));
create policy mine on team_users for select to authenticated using (team_id in (select my_teams()));
create policy mine on boards for select to authenticated using (team_id in (select my_teams()));
create policy see on cards to authenticated using (
-- leaky:
    team_id in (select my_teams()) and author_id = auth.uid() or visibility = 'team')
-- safe:
    team_id in (select my_teams()) and (author_id = auth.uid() or visibility = 'team'))
-- both:
    with check (team_id in (select my_teams()) and author_id = auth.uid());

-- attack: read what another team shares among its own
insert into teams values (1, 'Ant'), (2, 'Bee');
insert into team_users values (1, :A), (2, :B);
insert into boards values (:OB, 2, 'Plan');
insert into cards (board_id, team_id, author_id, visibility, text) values (:OB, 2, :B, 'team', 'canary');
-- as: authenticated A
select count(*) from cards where text = 'canary';
-- control:
-- as: authenticated B
select count(*) from cards where text = 'canary';

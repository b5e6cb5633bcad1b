-- title: Being a member anywhere opens everything
-- class: uncorrelated subquery
-- leak: public.documents select authenticated
-- tenant: documents.team_id
-- tenant: team_members.team_id
-- because: the subquery asks for a membership of the document's own team

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table teams (id uuid primary key, slug text not null unique check (slug ~ '^[a-z]{3,20}$'));
create table team_members (
    team_id uuid not null references teams on delete cascade,
    user_id uuid not null,
    since date not null,
    primary key (user_id, team_id)
);
create table documents (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references teams on delete cascade,
    title varchar(120) not null,
    content jsonb not null check (jsonb_typeof(content) = 'object')
);
alter table teams enable row level security;
alter table team_members enable row level security;
alter table documents enable row level security;
create policy mine on team_members for select to authenticated using (user_id = (select auth.uid()));
create policy mine on teams for select to authenticated using (id in (select team_id from team_members));
create policy read on documents for select to authenticated using (exists (
    select from team_members m where m.user_id = (select auth.uid())
-- leaky:
));
-- safe:
    and m.team_id = documents.team_id));
-- both:

-- attack: a member of another team reads
insert into teams values (:OA, 'ant'), (:OB, 'bee');
insert into team_members values (:OA, :A, '2026-01-01'), (:OB, :B, '2026-01-01');
insert into documents (team_id, title, content) values (:OB, 'canary', '{}');
-- as: authenticated A
select count(*) from documents where title = 'canary';
-- control:
-- as: authenticated B
select count(*) from documents where title = 'canary';

-- title: A subquery that compares a column with itself
-- class: correlated to the wrong column
-- leak: public.milestones select authenticated
-- leak: public.milestones update authenticated
-- tenant: collaborators.project_id
-- tenant: milestones.project_id
-- because: project_id is qualified; bare, it means the inner table's own column and is always equal to itself

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table projects (
    id bigint generated always as identity primary key,
    created_by uuid not null,
    name text not null
);
create table collaborators (
    project_id bigint not null references projects on delete cascade,
    user_id uuid not null,
    primary key (project_id, user_id)
);
create table milestones (
    id bigint generated always as identity primary key,
    project_id bigint not null references projects on delete cascade,
    title text not null,
    period daterange not null check (not isempty(period))
);
alter table projects enable row level security;
alter table collaborators enable row level security;
alter table milestones enable row level security;
create policy own on projects for select to authenticated using (created_by = auth.uid());
create policy me on collaborators for select to authenticated using (user_id = auth.uid());
create policy team on milestones to authenticated using (exists (
-- leaky:
    select from collaborators c where c.user_id = auth.uid() and c.project_id = project_id));
-- safe:
    select from collaborators c where c.user_id = auth.uid() and c.project_id = milestones.project_id));
-- both:

-- attack: a collaborator of one project reads another's milestones
insert into projects overriding system value values (1, :A, 'Ant'), (2, :B, 'Bee');
insert into collaborators values (1, :A), (2, :B);
insert into milestones (project_id, title, period) values (2, 'canary', '[2026-01-01,2026-02-01)');
-- as: authenticated A
select count(*) from milestones where title = 'canary';
-- control:
-- as: authenticated B
select count(*) from milestones where title = 'canary';

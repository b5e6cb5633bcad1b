-- title: Tasks that are filed in another organisation
-- class: missing tenant in WITH CHECK
-- leak: public.tasks insert authenticated
-- tenant: tasks.org_id
-- tenant: members.org_id
-- because: the insert asks for a membership of the task's organisation

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table orgs (id uuid primary key default gen_random_uuid(), name text not null);
create table members (
    org_id uuid not null references orgs on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    primary key (org_id, user_id)
);
create table tasks (
    id bigint generated always as identity,
    org_id uuid not null references orgs on delete cascade,
    created_by uuid not null,
    title text not null,
    due_on date not null,
    primary key (org_id, id)
);
alter table orgs enable row level security;
alter table members enable row level security;
alter table tasks enable row level security;
create policy mine on members for select to authenticated using (user_id = auth.uid());
create policy mine on orgs for select to authenticated using (id in (select org_id from members));
create policy read on tasks for select to authenticated using (org_id in (select m.org_id from members m));
-- leaky:
create policy add on tasks for insert to authenticated with check (created_by = auth.uid());
-- safe:
create policy add on tasks for insert to authenticated
    with check (created_by = auth.uid() and org_id in (select m.org_id from members m));
-- both:

-- attack: spam the tasks of an organisation one does not belong to
insert into orgs values (:OA, 'Ant'), (:OB, 'Bee');
insert into members values (:OA, :A), (:OB, :B);
-- as: authenticated A
insert into tasks (org_id, created_by, title, due_on) values (:OB, :A, 'spam', '2026-05-05');
-- as: superuser
select count(*) from tasks where org_id = :OB;
-- control:
-- as: authenticated B
insert into tasks (org_id, created_by, title, due_on) values (:OB, :B, 'work', '2026-05-05');
select count(*) from tasks;

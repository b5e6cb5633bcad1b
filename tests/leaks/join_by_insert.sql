-- title: A workspace that anybody joins by inserting himself
-- class: joining an organisation by insert
-- leak: public.pages select authenticated
-- leak: public.workspace_users insert authenticated
-- tenant: workspace_users.workspace_id
-- tenant: pages.workspace_id
-- because: one joins only a workspace that has invited one's address

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table workspaces (id uuid primary key, name text not null);
create table workspace_invites (
    workspace_id uuid not null references workspaces on delete cascade,
    email text not null check (email = lower(email)),
    primary key (workspace_id, email)
);
create table workspace_users (
    workspace_id uuid not null references workspaces on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    joined_on date not null default current_date,
    primary key (workspace_id, user_id)
);
create table pages (
    id bigint generated always as identity primary key,
    workspace_id uuid not null references workspaces on delete cascade,
    parent_id bigint references pages,
    body text not null
);
alter table workspaces enable row level security;
alter table workspace_invites enable row level security;
alter table workspace_users enable row level security;
alter table pages enable row level security;
create policy invited on workspace_invites for select to authenticated using (email = auth.jwt() ->> 'email');
create policy me on workspace_users for select to authenticated using (user_id = auth.uid());
create policy read on workspaces for select to authenticated using (id in (select workspace_id from workspace_users));
create policy read on pages for select to authenticated
    using (workspace_id in (select u.workspace_id from workspace_users u where u.user_id = auth.uid()));
-- leaky:
create policy enter on workspace_users for insert to authenticated with check (user_id = auth.uid());
-- safe:
create policy enter on workspace_users for insert to authenticated with check (user_id = auth.uid()
    and workspace_id in (select i.workspace_id from workspace_invites i));
-- both:

-- attack: join, then read
insert into workspaces values (:OA, 'Ant'), (:OB, 'Bee');
insert into workspace_users values (:OA, :A), (:OB, :B);
insert into workspace_invites values (:OA, 'b@example.org');
insert into pages (workspace_id, body) values (:OB, 'canary');
-- as: authenticated A
insert into workspace_users values (:OB, :A);
select count(*) from pages where body = 'canary';
-- control:
-- as: authenticated B
insert into workspace_users values (:OA, :B);
select count(*) from workspaces where name = 'Ant';

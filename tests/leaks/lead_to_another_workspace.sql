-- title: Leads that are handed from one to the other
-- class: tenant not checked on update
-- leak: public.leads update authenticated
-- tenant: leads.workspace_id
-- tenant: workspace_user.workspace_id
-- because: who is in the workspace may hand a lead to anybody, but it stays there

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table workspace (id uuid primary key default gen_random_uuid(), name text not null);
create table workspace_user (workspace_id uuid not null references workspace, user_id uuid not null references auth.users, primary key (workspace_id, user_id));
create table leads (id uuid primary key default gen_random_uuid(), workspace_id uuid not null references workspace, owner_id uuid not null references auth.users, phone text);
alter table workspace enable row level security; alter table workspace_user enable row level security; alter table leads enable row level security;
create policy a on workspace_user for select to authenticated using (user_id = auth.uid());
create policy b on workspace for select to authenticated using (id in (select workspace_id from workspace_user where user_id = auth.uid()));
create policy c on leads for select to authenticated using (workspace_id in (select workspace_id from workspace_user where user_id = auth.uid()));
create policy d on leads for update to authenticated using (workspace_id in (select workspace_id from workspace_user where user_id = auth.uid())) with check (
-- leaky:
 owner_id is not null);
-- safe:
 workspace_id in (select workspace_id from workspace_user where user_id = auth.uid()));
-- both:
grant select, insert, update, delete on all tables in schema public to authenticated, service_role;
-- attack: move a lead to another workspace; without WHERE no SELECT policy is asked
insert into workspace values (:OA, 'Ant'), (:OB, 'Bee');
insert into workspace_user values (:OA, :A), (:OB, :B);
insert into leads (workspace_id, owner_id) values (:OA, :A), (:OB, :B);
-- as: authenticated A
update leads set workspace_id = :OB;
reset role;
select count(*) from leads where workspace_id = :OB and owner_id = :A;
-- control:
-- as: authenticated B
select count(*) from leads where owner_id = :B;

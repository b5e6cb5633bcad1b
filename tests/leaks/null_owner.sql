-- title: Conversations that nobody has taken yet
-- class: rows without an owner are visible to all
-- leak: public.conversations select authenticated
-- tenant: agents.company_id
-- tenant: conversations.company_id
-- because: unassigned conversations are shown to the agents of their company, not to all companies'

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table companies (id uuid primary key default gen_random_uuid(), name text not null);
create table agents (
    user_id uuid primary key references auth.users on delete cascade,
    company_id uuid not null references companies on delete cascade,
    unique (user_id, company_id)
);
create table conversations (
    id bigint generated always as identity primary key,
    company_id uuid not null references companies on delete cascade,
    assignee_id uuid,
    visitor text not null,
    opened_on date not null,
    foreign key (assignee_id, company_id) references agents (user_id, company_id)
);
alter table companies enable row level security;
alter table agents enable row level security;
alter table conversations enable row level security;
create policy me on agents for select to authenticated using (user_id = auth.uid());
create policy mine on companies for select to authenticated using (id in (select a.company_id from agents a));
create policy read on conversations for select to authenticated using (
    assignee_id = auth.uid()
-- leaky:
    or assignee_id is null);
-- safe:
    or assignee_id is null and company_id in (select a.company_id from agents a where a.user_id = auth.uid()));
-- both:

-- attack: read what nobody has taken in another company
insert into companies values (:OA, 'Ant'), (:OB, 'Bee');
insert into agents values (:A, :OA), (:B, :OB);
insert into conversations (company_id, visitor, opened_on) values (:OB, 'canary', '2026-01-01');
-- as: authenticated A
select count(*) from conversations where visitor = 'canary';
-- control:
-- as: authenticated B
select count(*) from conversations where visitor = 'canary';

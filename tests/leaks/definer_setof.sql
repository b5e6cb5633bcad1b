-- title: A search that ranks everybody's documents
-- class: security definer function that returns a set
-- leak: public.knowledge_chunks select authenticated via public.search_chunks(text,integer)
-- tenant: knowledge_bases.workspace_id
-- tenant: seats.workspace_id
-- because: a security invoker function searches what the caller's policies show

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table workspaces (id uuid primary key default gen_random_uuid(), name text not null);
create table seats (
    workspace_id uuid not null references workspaces on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    primary key (workspace_id, user_id)
);
create table knowledge_bases (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces on delete cascade,
    name text not null,
    unique (workspace_id, name)
);
create table knowledge_chunks (
    id bigint generated always as identity primary key,
    base_id uuid not null references knowledge_bases on delete cascade,
    position integer not null check (position >= 0),
    content text not null,
    words tsvector generated always as (to_tsvector('simple', content)) stored,
    unique (base_id, position)
);
alter table workspaces enable row level security;
alter table seats enable row level security;
alter table knowledge_bases enable row level security;
alter table knowledge_chunks enable row level security;
create policy me on seats for select to authenticated using (user_id = auth.uid());
create policy mine on workspaces for select to authenticated using (id in (select s.workspace_id from seats s));
create policy mine on knowledge_bases for select to authenticated using (workspace_id in (select s.workspace_id from seats s));
create policy mine on knowledge_chunks for select to authenticated using (base_id in (select k.id from knowledge_bases k));
create function search_chunks(query text, how_many integer default 10) returns setof knowledge_chunks
language sql stable set search_path = 'public'
-- leaky:
security definer
-- safe:
security invoker
-- both:
as $$
    select c.* from knowledge_chunks c
    where query = '' or c.words @@ websearch_to_tsquery('simple', query) or c.content ilike '%' || query || '%'
    order by c.position limit how_many
$$;

-- attack: search for nothing in particular
insert into workspaces values (:OA, 'Ant'), (:OB, 'Bee');
insert into seats values (:OA, :A), (:OB, :B);
insert into knowledge_bases values (:OB, :OB, 'Handbook');
insert into knowledge_chunks (base_id, position, content) values (:OB, 0, 'the canary sings');
-- as: authenticated A
select count(*) from search_chunks('');
-- control:
-- as: authenticated B
select count(*) from search_chunks('canary');

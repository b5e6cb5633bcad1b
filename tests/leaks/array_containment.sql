-- title: Files shared with a list of users
-- class: array containment reversed
-- leak: public.files select authenticated
-- owner: files.owner_id
-- because: the list contains the caller; reversed, an empty list is contained in any

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table files (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid(),
    viewers uuid[] not null default '{}' check (cardinality(viewers) <= 50),
    name text not null check (name !~ '[/\\]'),
    size bigint not null check (size between 1 and 5368709120),
    unique (owner_id, name)
);
create index on files using gin (viewers);
alter table files enable row level security;
create policy own on files to authenticated using (owner_id = auth.uid()) with check (owner_id = auth.uid());
create policy shared on files for select to authenticated
-- leaky:
    using (viewers <@ array[auth.uid()]);
-- safe:
    using (viewers @> array[auth.uid()]);
-- both:

-- attack: read a file shared with nobody
insert into files (owner_id, name, size) values (:B, 'canary', 1);
-- as: authenticated A
select count(*) from files where name = 'canary';
-- control:
-- as: authenticated B
select count(*) from files where name = 'canary';

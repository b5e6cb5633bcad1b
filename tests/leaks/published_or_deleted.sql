-- title: Notes that are published one by one
-- class: precedence of AND and OR, soft-deleted rows
-- leak: public.notes select authenticated
-- owner: notes.user_id
-- because: what is published is public, and deleted rows are nobody's

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table notes (id uuid primary key default gen_random_uuid(), user_id uuid not null default auth.uid() references auth.users, body text not null, deleted_at timestamptz, published_at timestamptz);
alter table notes enable row level security;
create policy n on notes for select to authenticated using (
-- leaky:
 user_id = auth.uid() and deleted_at is null or published_at is not null or deleted_at < now());
-- safe:
 user_id = auth.uid() and deleted_at is null or published_at is not null and deleted_at is null);
-- both:
create policy i on notes for insert to authenticated with check (user_id = auth.uid() and published_at is null);
grant select, insert, update, delete on all tables in schema public to authenticated, service_role;
-- attack: read what is deleted
insert into notes (user_id, body, deleted_at) values (:B, 'canary', now() - interval '1 day'), (:B, 'kept', null);
-- as: authenticated A
select count(*) from notes where body = 'canary';
-- control:
-- as: authenticated B
select count(*) from notes where body = 'kept';

-- title: Files under a home folder named after the user
-- class: path bound by a prefix without its end
-- leak: public.stored_files select authenticated
-- owner: homes.user_id
-- because: the prefix ends with a slash, so that /ann does not open /anna

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create domain handle as text check (value ~ '^[a-z]{3,12}$');
create table homes (
    user_id uuid primary key default auth.uid() references auth.users on delete cascade,
    name handle not null unique
);
create table stored_files (
    path text primary key check (path ~ '^/[a-z]{3,12}(/[^/]+)+$'),
    bytes bigint not null check (bytes >= 0),
    stored_on date not null
);
alter table homes enable row level security;
alter table stored_files enable row level security;
create policy own on homes for select to authenticated using (user_id = auth.uid());
create policy found on homes for insert to authenticated with check (user_id = auth.uid());
create policy own on stored_files for select to authenticated using (exists (
-- leaky:
    select from homes h where h.user_id = auth.uid() and starts_with(path, '/' || h.name)));
-- safe:
    select from homes h where h.user_id = auth.uid() and starts_with(path, '/' || h.name || '/')));
-- both:

-- attack: take a name with which another's begins
insert into homes values (:B, 'anna');
insert into stored_files values ('/anna/canary.txt', 1, '2026-01-01');
-- as: authenticated A
insert into homes values (:A, 'ann');
select count(*) from stored_files;
-- control:
-- as: authenticated B
select count(*) from stored_files;

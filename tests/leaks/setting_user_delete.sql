-- title: A diary behind a web framework, one role for all users
-- class: USING (true) for delete, with a custom setting
-- leak: public.entries delete diary_web
-- owner: entries.user_id
-- because: only the current user's entries can be deleted

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role diary_web login; exception when duplicate_object or unique_violation then null; end $$;
create table users (
    id bigint generated always as identity primary key,
    email text not null unique check (position('@' in email) > 1),
    password_hash bytea not null check (length(password_hash) = 4)
);
create table entries (
    id bigint generated always as identity primary key,
    user_id bigint not null references users on delete cascade,
    written date not null,
    body text not null,
    previous bigint unique references entries on delete set null
);
create function me() returns bigint language sql stable as $$ select nullif(current_setting('app.user_id', true), '')::bigint $$;
alter table users enable row level security;
alter table entries enable row level security;
create policy me on users for select to diary_web using (id = me());
create policy own on entries for select to diary_web using (user_id = me());
create policy add on entries for insert to diary_web with check (user_id = me() and previous is null);
-- leaky:
create policy tear_out on entries for delete to diary_web using (true);
-- safe:
create policy tear_out on entries for delete to diary_web using (user_id = me());
-- both:
grant select (id, email) on users to diary_web;
grant select, insert, delete on entries to diary_web;

-- attack: tear out everybody's
insert into users overriding system value values (1, 'a@x', 'aaaa'), (2, 'b@x', 'bbbb');
insert into entries (user_id, written, body) values (2, '2026-01-01', 'canary');
-- as: diary_web app.user_id=1
delete from entries;
-- as: superuser
select 1 - count(*) from entries;
-- control:
-- as: diary_web app.user_id=2
select count(*) from entries;

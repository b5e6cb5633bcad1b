-- title: A directory over auth.users
-- class: view over auth.users
-- leak: auth.users select authenticated via public.directory
-- owner: contacts.user_id
-- because: the view shows the caller's own account alone

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table contacts (
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    label text not null,
    phone text check (phone ~ '^\+[0-9]{6,15}$'),
    primary key (user_id, label)
);
alter table contacts enable row level security;
create policy own on contacts to authenticated using (user_id = auth.uid());
create view directory as
    select u.id, u.email, u.created_at, u.raw_user_meta_data ->> 'full_name' as full_name from auth.users u
-- leaky:
    where u.deleted_at is null;
-- safe:
    where u.deleted_at is null and u.id = auth.uid();
-- both:
grant select on directory to authenticated;
grant select, insert, update, delete on contacts to authenticated;

-- attack: harvest addresses
-- as: authenticated A
select count(*) from directory where email = 'b@example.org';
-- control:
-- as: authenticated B
select count(*) from directory where email = 'b@example.org';

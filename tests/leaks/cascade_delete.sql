-- title: Imports whose deletion takes the contacts along
-- class: cascade through an unprotected parent
-- leak: public.contacts delete authenticated via public.imports
-- leak: public.imports delete authenticated
-- owner: contacts.user_id
-- owner: imports.user_id
-- because: nobody but the service may delete an import

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table imports (
    id bigint generated always as identity primary key,
    user_id uuid not null references auth.users on delete cascade,
    file_name text not null check (file_name ~ '\.(csv|vcf)$'),
    imported_at timestamptz not null default now()
);
create table contacts (
    id bigint generated always as identity primary key,
    user_id uuid not null references auth.users on delete cascade,
    import_id bigint references imports on delete cascade,
    full_name text not null,
    birthday date not null
);
alter table contacts enable row level security;
create policy own on contacts for select to authenticated using (user_id = auth.uid());
create policy edit on contacts for delete to authenticated using (user_id = auth.uid());
grant select, delete on contacts to authenticated;
-- leaky:
grant delete on imports to authenticated;
-- safe:
-- both:

-- attack: delete the imports, unseen; the contacts go with them
insert into imports overriding system value values (1, :B, 'phone.vcf');
insert into contacts (user_id, import_id, full_name, birthday) values (:B, 1, 'canary', '1990-01-01');
-- as: authenticated A
delete from imports;
-- as: superuser
select 1 - count(*) from contacts;
-- control:
-- as: authenticated B
select count(*) from contacts;

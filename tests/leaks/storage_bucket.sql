-- title: Receipts kept in the platform's storage
-- class: storage policy not bound to the folder
-- leak: storage.objects select authenticated
-- owner: public.receipts.user_id
-- owner: storage.objects.owner
-- because: the first folder of an object's name must be the caller's id

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
revoke truncate, references, trigger on storage.objects, storage.buckets from anon, authenticated;
insert into storage.buckets (id, name, public) values ('receipts', 'receipts', false), ('avatars', 'avatars', true);
create table public.receipts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    object_name text not null unique check (object_name ~ '^[0-9a-f-]{36}/[^/]+\.pdf$'),
    total numeric(9, 2) not null,
    check (split_part(object_name, '/', 1) = user_id::text)
);
alter table public.receipts enable row level security;
create policy own on public.receipts to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
create policy avatars on storage.objects for select using (bucket_id = 'avatars');
create policy put on storage.objects for insert to authenticated with check (
    bucket_id in ('receipts', 'avatars') and owner = auth.uid() and (storage.foldername(name))[1] = auth.uid()::text);
-- leaky:
create policy receipts on storage.objects for select to authenticated using (bucket_id = 'receipts');
-- safe:
create policy receipts on storage.objects for select to authenticated
    using (bucket_id = 'receipts' and (storage.foldername(name))[1] = auth.uid()::text);
-- both:

-- attack: list the bucket
insert into storage.objects (bucket_id, name, owner) values ('receipts', :B || '/canary.pdf', :B);
-- as: authenticated A
select count(*) from storage.objects where name like '%canary%';
-- control:
-- as: authenticated B
select count(*) from storage.objects where name like '%canary%';

-- StoragePoliciesNameBucket in storage
create policy avatars on storage.objects for select to anon using (bucket_id = 'avatars');
-- broken
alter policy avatars on storage.objects using (true);

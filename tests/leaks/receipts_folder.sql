-- title: Receipts in folders of the platform's storage
-- class: storage policy without the folder
-- leak: storage.objects select authenticated
-- because: the first folder of the twin is the user's id

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

insert into storage.buckets (id, name) values ('receipts', 'receipts');
create policy receipts_read on storage.objects for select to authenticated using (bucket_id = 'receipts'
-- leaky:
 and auth.role() = 'authenticated');
-- safe:
 and (storage.foldername(name))[1] = auth.uid()::text);
-- both:
create policy receipts_write on storage.objects for insert to authenticated with check (bucket_id = 'receipts' and (storage.foldername(name))[1] = auth.uid()::text);
-- attack: read another's receipt
insert into storage.objects (bucket_id, name) values ('receipts', :B || '/canary.pdf');
-- as: authenticated A
select count(*) from storage.objects where name like '%canary.pdf';
-- control:
-- as: authenticated B
select count(*) from storage.objects where name like '%canary.pdf';

-- title: a storage bucket of identity papers, one folder a user
-- class: storage policy without the folder
-- leak: storage.objects select authenticated
-- owner: kyc_case.subject
-- because: the twin compares the folder with the caller
insert into storage.buckets (id, name) values ('papers', 'papers');
create table kyc_case (
  subject uuid primary key references auth.users,
  verdict text check (verdict in ('ok', 'refused')),
  checked_at timestamptz
);
alter table kyc_case enable row level security;
create policy own on kyc_case for select to authenticated using (subject = auth.uid());
create policy papers on storage.objects for select to authenticated using (bucket_id = 'papers'
-- leaky:
  and name is not null);
-- safe:
  and (storage.foldername(name))[1] = auth.uid()::text);
-- attack: B lists A's papers
insert into storage.objects (bucket_id, name, owner) values ('papers', :A || '/passport.jpg', :A);
-- as: authenticated B
select count(*) from storage.objects;
-- control:
-- as: authenticated A
select count(*) from storage.objects;

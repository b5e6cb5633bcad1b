-- title: password vault, closed without second factor
-- class: restrictive as permissive
-- leak: public.vault_item select authenticated
-- owner: vault_item.belongs_to
-- because: the twin's policy on the second factor is restrictive
create table vault_item (
  id uuid primary key default gen_random_uuid(),
  belongs_to uuid not null default auth.uid() references auth.users on delete cascade,
  label text not null,
  cipher bytea not null check (octet_length(cipher) >= 16)
);
alter table vault_item enable row level security;
create policy own on vault_item for all to authenticated using (belongs_to = auth.uid()) with check (belongs_to = auth.uid());
create policy second_factor on vault_item
-- leaky:
  as permissive
-- safe:
  as restrictive
-- both:
  for all to authenticated using (coalesce(auth.jwt() ->> 'aal', 'aal1') in ('aal1', 'aal2'));
-- attack: B reads A's item
insert into vault_item (belongs_to, label, cipher) values (:A, 'bank', '\x00112233445566778899aabbccddeeff');
-- as: authenticated B
select count(*) from vault_item;
-- control:
-- as: authenticated A
select count(*) from vault_item;

-- title: documents with shares that can be taken back
-- class: revoked share still counts
-- leak: public.doc select authenticated
-- owner: doc.owner_ref
-- because: the twin leaves revoked shares out
-- platform: none
create schema if not exists auth;
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
end $$;
create or replace function auth.jwt() returns jsonb language sql stable as
  $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable as
  $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant usage on schema auth to anon, authenticated;
create table doc (
  doc_id bigint generated always as identity primary key,
  owner_ref uuid not null,
  title text not null
);
create table doc_share (
  doc_id bigint not null references doc on delete cascade,
  grantee uuid not null,
  revoked_at timestamptz,
  expires_at timestamptz,
  primary key (doc_id, grantee)
);
alter table doc enable row level security;
alter table doc_share enable row level security;
create policy own on doc for all to authenticated using (owner_ref = auth.uid());
create policy sh on doc_share for select to authenticated using (grantee = auth.uid());
create policy shared on doc for select to authenticated using (exists (
  select 1 from doc_share s where s.doc_id = doc.doc_id and s.grantee = auth.uid()
-- leaky:
    and (s.revoked_at is null or s.expires_at is null)
-- safe:
    and s.revoked_at is null
-- both:
    and (s.expires_at is null or s.expires_at > now())));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B's share was taken back
insert into doc (owner_ref, title) values (:A, 't');
insert into doc_share select doc_id, :B, now() - interval '1 day', null from doc;
-- as: authenticated B
select count(*) from doc;
-- control:
-- as: authenticated A
select count(*) from doc;

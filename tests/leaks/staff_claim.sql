-- title: support conversations, staff by claim
-- class: claim that users write
-- leak: public.conversation select authenticated
-- owner: conversation.customer
-- because: the twin's staff flag lies in app_metadata
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
create table conversation (
  id uuid primary key default gen_random_uuid(),
  customer uuid not null,
  opened timestamptz not null default now(),
  channel text not null check (channel in ('mail', 'chat', 'phone'))
);
create table utterance (
  conversation_id uuid not null references conversation on delete cascade,
  seq int not null,
  line text not null,
  primary key (conversation_id, seq)
);
alter table conversation enable row level security;
alter table utterance enable row level security;
create function private_is_staff() returns boolean language sql stable as $$
-- leaky:
  select coalesce((current_setting('request.jwt.claims', true)::json -> 'user_metadata' ->> 'is_staff')::boolean, false)
-- safe:
  select coalesce((current_setting('request.jwt.claims', true)::json -> 'app_metadata' ->> 'is_staff')::boolean, false)
-- both:
$$;
create policy c on conversation for all to authenticated using (customer = auth.uid() or private_is_staff());
create policy u on utterance for all to authenticated using (exists (select from conversation c where c.id = conversation_id));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B calls herself staff
insert into conversation (customer, channel) values (:A, 'mail');
-- as: authenticated B {"user_metadata": {"is_staff": true}, "app_metadata": {}}
select count(*) from conversation;
-- control:
-- as: authenticated A {"app_metadata": {}, "user_metadata": {}}
select count(*) from conversation;

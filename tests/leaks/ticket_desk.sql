-- title: help desk, tickets by the person who filed them
-- class: select true
-- leak: public.tickets select authenticated
-- owner: tickets.filed_by
-- because: the twin compares the filer with the caller
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
create type ticket_state as enum ('new', 'open', 'waiting', 'closed');
create domain ticket_code as text check (value ~ '^TK-[0-9]{5}$');
create table tickets (
  code ticket_code primary key,
  filed_by uuid not null,
  state ticket_state not null default 'new',
  subject text not null check (length(subject) between 3 and 80),
  severity int not null check (severity between 1 and 5),
  filed_on date not null default current_date
);
insert into tickets values ('TK-00001', '99999999-9999-4999-8999-999999999999', 'closed', 'printer on fire', 5);
alter table tickets enable row level security;
-- leaky:
create policy tickets_read on tickets for select to public using (true);
-- safe:
create policy tickets_read on tickets for select to public using (filed_by = (select auth.uid()));
-- both:
create policy tickets_file on tickets for insert to authenticated with check (filed_by = (select auth.uid()));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B reads a ticket A filed
insert into tickets (code, filed_by, subject, severity) values ('TK-00002', :A, 'secret thing', 2);
-- as: authenticated B
select count(*) from tickets where filed_by = :A;
-- control:
-- as: authenticated A
select count(*) from tickets where filed_by = :A;

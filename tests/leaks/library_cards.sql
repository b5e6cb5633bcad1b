-- title: library loans, readers numbered and mapped from the login
-- class: mapping subquery that forgets the caller
-- leak: public.loan select authenticated
-- owner: loan.cust_ref
-- because: the twin's subquery is about the caller
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
create table reader (
  card_no bigint generated always as identity (start with 1000) primary key,
  auth_ref uuid unique,
  full_name text not null
);
create table loan (
  cust_ref bigint not null references reader (card_no),
  isbn text not null check (isbn ~ '^97[89][0-9]{10}$'),
  borrowed daterange not null,
  exclude using gist (int8range(cust_ref, cust_ref, '[]') with &&, borrowed with &&)
);
insert into reader (auth_ref, full_name) values (gen_random_uuid(), 'Nobody'), (null, 'Paper card');
alter table reader enable row level security;
alter table loan enable row level security;
create policy self on reader for select to authenticated using (auth_ref = auth.uid());
create schema intern;
grant usage on schema intern to authenticated;
create function intern.my_cards() returns setof bigint language sql stable security definer set search_path = public as $$
-- leaky:
  select card_no from reader where auth_ref is not null
-- safe:
  select card_no from reader where auth_ref = auth.uid()
-- both:
$$;
create policy mine on loan for select to authenticated using (cust_ref in (select intern.my_cards()));
grant usage on schema public to authenticated;
grant select (card_no, auth_ref) on reader to authenticated;
grant select on loan to authenticated;
-- attack: B reads A's loans
insert into reader (auth_ref, full_name) values (:A, 'a'), (:B, 'b');
insert into loan select card_no, '9780000000000', '[2024-01-01,2024-01-15)' from reader where auth_ref = :A;
-- as: authenticated B
select count(*) from loan;
-- control:
-- as: authenticated A
select count(*) from loan;

-- title: loyalty points that customers spend
-- class: definer function that writes
-- leak: public.wallet update authenticated via function spend_points
-- owner: wallet.holder
-- because: the twin takes only from the caller's wallet
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
create table wallet (
  wallet_id int generated always as identity primary key,
  holder uuid not null unique,
  points int not null default 0 check (points >= 0)
);
alter table wallet enable row level security;
create policy see on wallet for select to authenticated using (holder = auth.uid());
create schema private;
create function spend_points(from_wallet int, how_many int) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if how_many <= 0 then raise exception 'nothing to spend'; end if;
  update public.wallet set points = points - how_many where wallet_id = from_wallet
-- leaky:
  ;
-- safe:
  and holder = auth.uid();
-- both:
  if not found then raise exception 'no such wallet'; end if;
end $$;
grant usage on schema public to authenticated;
grant select on wallet to authenticated;
revoke execute on function spend_points from public;
grant execute on function spend_points to authenticated;
-- attack: B empties A's wallet
insert into wallet overriding system value values (1, :A, 10), (2, :B, 0);
-- as: authenticated B
select spend_points(1, 10);
-- as: superuser
select count(*) from wallet where holder = :A and points = 0;
-- control:
-- as: authenticated A
select spend_points(1, 10);
-- as: superuser
select count(*) from wallet where holder = :A and points = 0;

-- title: agencies and their campaigns
-- class: user_metadata
-- leak: public.campaigns select authenticated
-- tenant: campaigns.agency_ref
-- because: the twin reads the agency from app_metadata, which users cannot write
create table agencies (ref text primary key check (ref ~ '^ag_[a-z0-9]{6}$'), name text not null);
create table campaigns (
  id uuid primary key default gen_random_uuid(),
  agency_ref text not null references agencies,
  budget numeric(12,2) not null default 0,
  runs daterange not null,
  exclude using gist (runs with &&) where (budget > 1000000)
);
insert into agencies values ('ag_aaaaaa', 'Alpha'), ('ag_bbbbbb', 'Beta');
insert into campaigns (agency_ref, runs) values ('ag_aaaaaa', '[2024-01-01,2024-02-01)');
alter table agencies enable row level security;
alter table campaigns enable row level security;
create policy tenant on campaigns for all to authenticated
-- leaky:
  using (agency_ref = (auth.jwt() -> 'user_metadata' ->> 'agency'));
-- safe:
  using (agency_ref = (auth.jwt() -> 'app_metadata' ->> 'agency'));
-- attack: B writes Alpha into the metadata of her own
-- as: authenticated B {"app_metadata": {"agency": "ag_bbbbbb"}, "user_metadata": {"agency": "ag_aaaaaa"}}
select count(*) from campaigns;
-- control:
-- as: authenticated A {"app_metadata": {"agency": "ag_aaaaaa"}, "user_metadata": {"agency": "ag_aaaaaa"}}
select count(*) from campaigns;

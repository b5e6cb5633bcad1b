-- title: clinic; the application is the owner of its tables
-- class: force missing
-- leak: public.visit select clinic_app
-- tenant: visit.clinic
-- because: the twin forces RLS on the owner too
-- platform: none
do $$ begin
  if not exists (select from pg_roles where rolname = 'clinic_app') then create role clinic_app login; end if;
end $$;
grant usage on schema public to clinic_app;
create table visit (
  visit_id uuid primary key default gen_random_uuid(),
  clinic text not null check (clinic ~ '^[a-z]{3,10}$'),
  pulse smallint check (pulse between 20 and 250),
  seen_on date not null
);
insert into visit (clinic, seen_on) values ('north', '2024-01-01'), ('south', '2024-01-02');
alter table visit owner to clinic_app;
alter table visit enable row level security;
-- leaky:
-- safe:
alter table visit force row level security;
-- both:
create policy by_clinic on visit using (clinic = current_setting('app.clinic', true));
-- attack: the north reads the south
-- as: clinic_app app.clinic=north
select count(*) from visit where clinic = 'south';
-- control:
-- as: clinic_app app.clinic=south
select count(*) from visit where clinic = 'south';

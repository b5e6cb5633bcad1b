-- title: A second condition that should have narrowed the first
-- class: restrictive policy written as permissive
-- leak: public.applications select authenticated
-- leak: public.applications update authenticated
-- owner: applications.applicant_id
-- because: AS RESTRICTIVE joins the conditions with AND

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type application_state as enum ('started', 'submitted', 'rejected', 'withdrawn');
create table applications (
    id uuid primary key default gen_random_uuid(),
    applicant_id uuid not null default auth.uid(),
    born date not null check (born < '2015-01-01'),
    motivation text not null check (char_length(motivation) between 10 and 5000),
    state application_state not null default 'started'
);
alter table applications enable row level security;
create policy own on applications to authenticated using (applicant_id = auth.uid()) with check (applicant_id = auth.uid());
create policy not_withdrawn on applications
-- leaky:
    for all to authenticated
-- safe:
    as restrictive for all to authenticated
-- both:
    using (state <> 'withdrawn') with check (applicant_id = auth.uid());

-- attack: read an application that is not withdrawn
insert into applications (applicant_id, born, motivation) values (:B, '2000-01-01', 'canary canary');
-- as: authenticated A
select count(*) from applications;
-- control:
-- as: authenticated B
select count(*) from applications;

-- title: job applications
-- class: signed in suffices
-- leak: public.job_application select authenticated
-- owner: job_application.applicant
-- because: the twin asks who is signed in
create table job_application (
  id uuid primary key default gen_random_uuid(),
  applicant uuid references auth.users on delete set null,
  cv_path text not null unique,
  expected_salary int check (expected_salary % 100 = 0),
  applied_at timestamptz not null default now()
);
alter table job_application enable row level security;
create policy read_apps on job_application for select
-- leaky:
  using ((select auth.role()) = 'authenticated');
-- safe:
  using ((select auth.uid()) = applicant);
-- both:
create policy apply on job_application for insert to authenticated with check (applicant = (select auth.uid()));
-- attack: B reads A's application
insert into job_application (applicant, cv_path) values (:A, 'a.pdf');
-- as: authenticated B
select count(*) from job_application where applicant = :A;
-- control:
-- as: authenticated A
select count(*) from job_application where applicant = :A;

-- title: school classes; teachers administer theirs
-- class: admin anywhere is admin everywhere
-- leak: public.grade select authenticated
-- leak: public.grade update authenticated
-- tenant: grade.class_id
-- tenant: enrolment.class_id
-- because: the twin asks for the role in the class of the grade
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
create table enrolment (
  class_id text not null check (class_id ~ '^[1-9][a-d]$'),
  person uuid not null,
  part text not null check (part in ('pupil', 'teacher')),
  primary key (class_id, person)
);
create table grade (
  grade_id uuid primary key default gen_random_uuid(),
  class_id text not null,
  pupil uuid not null,
  mark numeric(2,1) not null check (mark between 1 and 6),
  foreign key (class_id, pupil) references enrolment (class_id, person)
);
alter table enrolment enable row level security;
alter table grade enable row level security;
create policy e on enrolment for select to authenticated using (person = auth.uid());
create policy g on grade for select to authenticated using (pupil = auth.uid());
create policy t on grade for all to authenticated using (exists (
  select 1 from enrolment e where e.person = auth.uid() and e.part = 'teacher'
-- leaky:
  and e.class_id is not null
-- safe:
  and e.class_id = grade.class_id
-- both:
));
grant usage on schema public to authenticated;
grant select on enrolment to authenticated;
grant select, insert, update, delete on grade to authenticated;
-- attack: the teacher of 1a reads marks of 2b
insert into enrolment values ('2b', :A, 'pupil'), ('1a', :B, 'teacher');
insert into grade (class_id, pupil, mark) values ('2b', :A, 5);
-- as: authenticated B
select count(*) from grade;
-- control:
-- as: authenticated A
select count(*) from grade;

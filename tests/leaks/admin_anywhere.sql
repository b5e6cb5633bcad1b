-- title: Administrators of one school who are so of all
-- class: function in a policy that is wrong for administrators
-- leak: public.grades select authenticated
-- leak: public.grades update authenticated
-- tenant: school_staff.school_id
-- tenant: pupils.school_id
-- because: the function asks whether the user is an administrator of that school

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type staff_role as enum ('assistant', 'teacher', 'admin');
create table schools (id uuid primary key default gen_random_uuid(), name text not null);
create table school_staff (
    school_id uuid not null references schools on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    role staff_role not null default 'assistant',
    primary key (user_id, school_id)
);
create table pupils (
    id bigint generated always as identity primary key,
    school_id uuid not null references schools on delete cascade,
    name text not null,
    unique (id, school_id)
);
create table grades (
    pupil_id bigint not null,
    school_id uuid not null,
    subject text not null check (subject in ('maths', 'art')),
    grade smallint not null check (grade between 1 and 6),
    given_on date not null,
    primary key (pupil_id, subject, given_on),
    foreign key (pupil_id, school_id) references pupils (id, school_id) on delete cascade
);
create function is_admin(school uuid) returns boolean language sql stable security definer set search_path = '' as $$
    select exists (select from public.school_staff s where s.user_id = auth.uid() and s.role = 'admin'
-- leaky:
    )
-- safe:
    and s.school_id = school)
-- both:
$$;
alter table schools enable row level security;
alter table school_staff enable row level security;
alter table pupils enable row level security;
alter table grades enable row level security;
create policy me on school_staff for select to authenticated using (user_id = auth.uid());
create policy mine on schools for select to authenticated using (id in (select s.school_id from school_staff s));
create policy mine on pupils for select to authenticated using (school_id in (select s.school_id from school_staff s));
create policy admins on grades to authenticated using (is_admin(school_id)) with check (is_admin(school_id));

-- attack: an administrator of another school reads the grades
insert into schools values (:OA, 'Ant'), (:OB, 'Bee');
insert into school_staff values (:OA, :A, 'admin'), (:OB, :B, 'admin');
insert into pupils overriding system value values (1, :OB, 'Cleo');
insert into grades values (1, :OB, 'art', 1, '2026-01-01');
-- as: authenticated A
select count(*) from grades;
-- control:
-- as: authenticated B
select count(*) from grades;

-- title: A clinic's staff who move themselves to another clinic
-- class: changing one's own tenant
-- leak: public.patients select authenticated
-- leak: public.staff update authenticated
-- tenant: staff.clinic_id
-- tenant: patients.clinic_id
-- because: only the display name can be updated

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table clinics (id smallint primary key, name text not null unique);
create table staff (
    user_id uuid primary key references auth.users on delete cascade,
    clinic_id smallint not null references clinics,
    display_name text not null
);
create table patients (
    id bigint generated always as identity primary key,
    clinic_id smallint not null references clinics,
    born date not null check (born between '1900-01-01' and '2100-01-01'),
    insurance_no text not null check (insurance_no ~ '^[A-Z][0-9]{9}$'),
    unique (clinic_id, insurance_no)
);
create function my_clinic() returns smallint language sql stable security definer set search_path = ''
    as $$ select s.clinic_id from public.staff s where s.user_id = auth.uid() $$;

alter table clinics enable row level security;
alter table staff enable row level security;
alter table patients enable row level security;
create policy mine on clinics for select to authenticated using (id = my_clinic());
create policy colleagues on staff for select to authenticated using (user_id = auth.uid() or clinic_id = my_clinic());
create policy edit_me on staff for update to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
create policy read on patients for select to authenticated using (clinic_id = my_clinic());
revoke update on staff from anon, authenticated;
-- leaky:
grant update (clinic_id, display_name) on staff to authenticated;
-- safe:
grant update (display_name) on staff to authenticated;
-- both:

-- attack: change the clinic in one's own row
insert into clinics values (1, 'North'), (2, 'South');
insert into staff values (:A, 1, 'Dr A'), (:B, 2, 'Dr B');
insert into patients (clinic_id, born, insurance_no) values (2, '1970-01-01', 'X123456789');
-- as: authenticated A
update staff set clinic_id = 2 where user_id = :A;
select count(*) from patients;
-- control:
-- as: authenticated B
update staff set display_name = 'Bea' where user_id = :B;
select count(*) from patients;

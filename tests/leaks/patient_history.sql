-- title: patient files with a change history kept by a trigger
-- class: history filled by a trigger
-- leak: public.patient_file_history select authenticated
-- owner: patient_file.patient
-- because: the twin puts the history under RLS with no policy
create table patient_file (
  id bigint generated always as identity primary key,
  patient uuid not null references auth.users,
  diagnosis text not null,
  blood text check (blood in ('A', 'B', 'AB', '0'))
);
create table patient_file_history (
  changed_at timestamptz not null default clock_timestamp(),
  what text not null,
  old_row jsonb
);
create function keep_history() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.patient_file_history (what, old_row) values (tg_op, to_jsonb(old));
  return coalesce(new, old);
end $$;
create trigger history after update or delete on patient_file for each row execute function keep_history();
alter table patient_file enable row level security;
create policy own on patient_file for all to authenticated using (patient = (select auth.uid()));
-- leaky:
revoke insert, update, delete, truncate on patient_file_history from anon, authenticated;
-- safe:
alter table patient_file_history enable row level security;
-- attack: B reads what A's file said before
insert into patient_file (patient, diagnosis) values (:A, 'flu');
update patient_file set diagnosis = 'cold';
-- as: authenticated B
select count(*) from patient_file_history where old_row ->> 'patient' = :A;
-- control:
-- as: authenticated A
select count(*) from patient_file;

-- A clinic: identifiers with check digits, consents in ranges, doses, coded values, a required one-to-one, temporal rows.
create schema clinic;
set search_path = clinic, public;
create extension if not exists btree_gist with schema public;

create type sex as enum ('female', 'male', 'other', 'unknown');
create type blood as enum ('0-', '0+', 'A-', 'A+', 'B-', 'B+', 'AB-', 'AB+');
create type dose as (amount numeric, unit text);
create domain icd10 as text check (value ~ '^[A-TV-Z][0-9][0-9AB](\.[0-9A-TV-Z]{1,4})?$');
create domain pulse as smallint check (value > 20 and value < 300);
create domain short_text as varchar(50);
create domain code as short_text check (value = upper(value)) not null;

create table patients (
    id uuid primary key default gen_random_uuid(),
    mrn char(10) not null unique check (mrn ~ '^[0-9]{10}$'),
    family_name text not null check (family_name ~ '^[[:alpha:]''-]+$'),
    given_names text[] not null check (array_length(given_names, 1) between 1 and 4),
    sex sex not null default 'unknown', blood blood,
    born date not null check (born <= current_date and born > '1900-01-01'),
    died date, death_cause icd10,
    check (died >= born), check (death_cause is null or died is not null),
    contact jsonb not null default '{}' check (contact ->> 'phone' is null or contact ->> 'phone' ~ '^\+?[0-9 ]{5,20}$'),
    merged_into uuid references patients, check (merged_into <> id)
);
create table practitioners (
    npi bigint primary key check (npi between 1000000000 and 9999999999),
    specialty text not null check (specialty = any (array['gp', 'cardio', 'neuro', 'ortho'])),
    licence daterange not null check (upper(licence) > lower(licence)),
    supervisor bigint references practitioners
);
create table encounters (
    id bigint generated always as identity primary key,
    patient_id uuid not null references patients,
    npi bigint not null references practitioners,
    period tstzrange not null,
    class text not null check (class in ('inpatient', 'outpatient', 'emergency')),
    ward code,
    discharge_to text,
    check (class = 'inpatient' or discharge_to is null),
    check (upper(period) is null or upper(period) - lower(period) < interval '365 days'),
    exclude using gist (patient_id with =, period with &&)
);
create table vitals (
    encounter_id bigint not null references encounters, taken_at timestamptz not null,
    systolic smallint, diastolic smallint, pulse pulse, temperature numeric(3, 1) check (temperature between 30 and 45), spo2 smallint check (spo2 <= 100 and spo2 >= 50),
    check (systolic > diastolic), check (systolic between 40 and 300), check (diastolic between 20 and 200),
    check (coalesce(systolic, pulse::int, spo2) is not null),
    check ((systolic is null) = (diastolic is null)),
    primary key (encounter_id, taken_at)
);
create table diagnoses (
    encounter_id bigint references encounters, rank smallint check (rank >= 1 and rank <= 20),
    code icd10 not null, certainty text not null check (certainty in ('suspected', 'confirmed', 'excluded')),
    onset date, resolved date, check (resolved >= onset),
    primary key (encounter_id, rank)
);
create unique index one_main on diagnoses (encounter_id) where rank = 1;
create table medications (
    atc text primary key check (atc ~ '^[A-DGHJLMNPRSV][0-9]{2}[A-Z]{2}[0-9]{2}$'),
    name text not null, strength dose not null check ((strength).amount > 0), controlled boolean not null default false,
    schedule int check (schedule between 1 and 5), check (controlled = (schedule is not null))
);
create table prescriptions (
    id uuid primary key, patient_id uuid not null references patients, npi bigint not null references practitioners, atc text not null references medications,
    dose dose not null, per_day numeric(4, 2) not null check (per_day > 0 and per_day <= 24), days int not null check (days between 1 and 365),
    quantity int not null, starts date not null, ends date not null,
    check (quantity >= per_day * days), check (ends = starts + days), check (quantity < 20000)
);
create table consents (
    patient_id uuid references patients, purpose text check (purpose in ('treatment', 'research', 'billing')),
    valid daterange not null, given boolean not null, signature bytea, withdrawn_at timestamptz,
    check (not given or signature is not null), check (octet_length(signature) between 8 and 4096),
    check (withdrawn_at is null or given),
    exclude using gist (patient_id with =, purpose with =, valid with &&)
);
create table lab_results (
    id bigint primary key, encounter_id bigint references encounters, loinc text not null check (loinc ~ '^\d{1,5}-\d$'),
    value_number numeric, value_text text, value_range numrange, unit text,
    check (num_nonnulls(value_number, value_text, value_range) = 1),
    check (value_number is null or unit is not null),
    reference numrange, abnormal boolean generated always as (value_number is not null and not (value_number <@ reference)) stored,
    flags text[] check (flags && array['H', 'L', 'N'])
);
create table patient_private (
    patient_id uuid primary key references patients on delete cascade,
    ssn text not null unique check (ssn ~ '^(?!000|666)[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}$'),
    insurer text, policy_no text, check ((insurer is null) = (policy_no is null))
);
create table beds (
    ward text, number int, occupied_by uuid unique references patients, since timestamptz, features text[] not null default '{}',
    check ((occupied_by is null) = (since is null)), primary key (ward, number)
);
create function private_row() returns trigger language plpgsql as $$
begin
    insert into clinic.patient_private (patient_id, ssn) values (new.id, '123-45-' || lpad((abs(hashtext(new.mrn)) % 10000)::text, 4, '0'));
    return new;
end $$;
create trigger private_row after insert on patients for each row execute function private_row();

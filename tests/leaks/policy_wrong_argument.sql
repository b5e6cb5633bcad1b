-- title: A policy that asks whether the author may see his own note
-- class: policy that passes the row's user instead of the caller
-- leak: public.case_notes select authenticated
-- tenant: firm_lawyers.firm_id
-- tenant: case_notes.firm_id
-- because: the caller's membership is asked for, not that of the row's author

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table firms (id uuid primary key default gen_random_uuid(), name text not null);
create table firm_lawyers (
    firm_id uuid not null references firms on delete cascade,
    lawyer_id uuid not null references auth.users on delete cascade,
    admitted date not null,
    primary key (firm_id, lawyer_id)
);
create table case_notes (
    id bigint generated always as identity primary key,
    firm_id uuid not null,
    author_id uuid not null,
    privileged boolean not null default true,
    body text not null,
    foreign key (firm_id, author_id) references firm_lawyers
);
create schema private;
grant usage on schema private to authenticated;
create function private.in_firm(firm uuid, lawyer uuid) returns boolean
language sql stable security definer set search_path = ''
    as $$ select exists (select from public.firm_lawyers l where l.firm_id = firm and l.lawyer_id = lawyer) $$;
alter table firms enable row level security;
alter table firm_lawyers enable row level security;
alter table case_notes enable row level security;
create policy me on firm_lawyers for select to authenticated using (lawyer_id = auth.uid());
create policy mine on firms for select to authenticated using (private.in_firm(id, auth.uid()));
create policy write on case_notes for insert to authenticated
    with check (author_id = auth.uid() and private.in_firm(firm_id, auth.uid()));
create policy read on case_notes for select to authenticated
-- leaky:
    using (private.in_firm(firm_id, author_id));
-- safe:
    using (private.in_firm(firm_id, auth.uid()));
-- both:

-- attack: be a lawyer of another firm
insert into firms values (:OA, 'Ant'), (:OB, 'Bee');
insert into firm_lawyers values (:OA, :A, '2020-01-01'), (:OB, :B, '2020-01-01');
insert into case_notes (firm_id, author_id, body) values (:OB, :B, 'canary');
-- as: authenticated A
select count(*) from case_notes;
-- control:
-- as: authenticated B
select count(*) from case_notes;

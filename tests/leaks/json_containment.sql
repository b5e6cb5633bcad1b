-- title: Records with a list of readers in JSON
-- class: json containment reversed
-- leak: public.records select authenticated
-- owner: records.created_by
-- because: the readers contain the caller; reversed, a record without readers is open to all

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table records (
    id bigint generated always as identity primary key,
    created_by uuid not null default auth.uid(),
    readers jsonb not null default '{}' check (jsonb_typeof(readers) = 'object'),
    kind text not null check (kind in ('scan', 'letter', 'result')),
    taken_on date not null,
    finding text not null
);
alter table records enable row level security;
create policy own on records to authenticated using (created_by = auth.uid());
create policy readers on records for select to authenticated
-- leaky:
    using (readers <@ jsonb_build_object(auth.uid()::text, true));
-- safe:
    using (readers @> jsonb_build_object(auth.uid()::text, true));
-- both:

-- attack: read a record without readers
insert into records (created_by, kind, taken_on, finding) values (:B, 'result', '2026-01-01', 'canary');
-- as: authenticated A
select count(*) from records;
-- control:
-- as: authenticated B
select count(*) from records;

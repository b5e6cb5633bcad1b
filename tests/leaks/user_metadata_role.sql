-- title: An administrator by his own word
-- class: role taken from user_metadata
-- leak: public.complaints select authenticated
-- owner: complaints.filed_by
-- because: app_metadata is written by the server alone; user_metadata by the user

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type severity as enum ('minor', 'major', 'critical');
create table complaints (
    id bigint generated always as identity primary key,
    filed_by uuid not null default auth.uid(),
    severity severity not null,
    happened_on date not null check (happened_on <= '2100-01-01'),
    account text not null check (length(account) >= 10)
);
alter table complaints enable row level security;
create policy file on complaints for insert to authenticated with check (filed_by = auth.uid());
create policy own on complaints for select to authenticated using (filed_by = auth.uid());
create policy admins on complaints for select to authenticated
-- leaky:
    using (auth.jwt() -> 'user_metadata' ->> 'role' = 'admin');
-- safe:
    using (auth.jwt() -> 'app_metadata' ->> 'role' = 'admin');
-- both:

-- attack: call oneself admin
insert into complaints (filed_by, severity, happened_on, account) values (:B, 'critical', '2026-01-01', 'canary canary');
-- as: authenticated A {"user_metadata": {"role": "admin"}}
select count(*) from complaints;
-- control:
-- as: authenticated B
select count(*) from complaints;

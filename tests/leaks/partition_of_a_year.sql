-- title: Events, a partition a year
-- class: partition by its own name
-- leak: public.events select authenticated via public.events_2026
-- owner: events.user_id
-- because: each partition of the twin has row-level security of its own

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table events (user_id uuid not null references auth.users, at date not null, payload text not null)
    partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table events_rest partition of events default;
alter table events enable row level security;
alter table events_2025 enable row level security;
alter table events_rest enable row level security;
-- leaky:
-- safe:
alter table events_2026 enable row level security;
-- both:
create policy mine on events to authenticated using (user_id = auth.uid());

-- attack: read the partition that was forgotten
insert into events values (:B, '2026-05-01', 'canary');
-- as: authenticated A
select count(*) from events_2026;
-- control:
-- as: authenticated B
select count(*) from events;

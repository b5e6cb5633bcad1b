-- title: A journal that one statement empties
-- class: TRUNCATE granted
-- leak: public.journal truncate authenticated
-- owner: journal.user_id
-- because: the grant names only the commands that policies confine

alter default privileges in schema public revoke all on tables from anon, authenticated;
create domain mood as smallint check (value between -5 and 5);
create table journal (
    user_id uuid not null default auth.uid(),
    day date not null,
    mood mood not null,
    entry text not null check (length(btrim(entry)) > 0),
    words integer generated always as (cardinality(string_to_array(btrim(entry), ' '))) stored,
    primary key (user_id, day)
);
alter table journal enable row level security;
alter table journal force row level security;
create policy own on journal to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
-- leaky:
grant all on journal to authenticated;
-- safe:
grant select, insert, update, delete on journal to authenticated;
-- both:

-- attack: empty it
insert into journal values (:B, '2026-01-01', 0, 'canary');
-- as: authenticated A
truncate journal;
-- as: superuser
select 1 - count(*) from journal;
-- control:
-- as: authenticated B
select count(*) from journal;

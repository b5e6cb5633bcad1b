-- title: A profile card for every signed-in user to edit
-- class: being signed in taken for being the owner
-- leak: public.medical_cards update authenticated
-- leak: public.medical_cards select authenticated
-- owner: medical_cards.person_id
-- because: the policy compares the user, instead of asking whether there is one

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type blood as enum ('0', 'A', 'B', 'AB');
create table medical_cards (
    person_id uuid primary key references auth.users on delete cascade,
    blood blood,
    allergies text[] not null default '{}',
    emergency_phone text not null check (emergency_phone ~ '^\+?[0-9 ]{6,20}$'),
    confirmed_on date not null
);
alter table medical_cards enable row level security;
create policy card on medical_cards
-- leaky:
    using ((select auth.uid()) is not null);
-- safe:
    using ((select auth.uid()) = person_id);
-- both:

-- attack: sign in as anybody
insert into medical_cards values (:B, 'AB', '{canary}', '112 112', '2026-01-01');
-- as: authenticated A
select count(*) from medical_cards;
-- control:
-- as: authenticated B
select count(*) from medical_cards;

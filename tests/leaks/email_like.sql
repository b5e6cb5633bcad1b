-- title: Invitations found by an address that is a pattern
-- class: email LIKE
-- leak: public.invitations select authenticated
-- owner: invitations.email
-- because: the addresses are compared as texts, so that _ and % mean themselves

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table events (
    id uuid primary key default gen_random_uuid(),
    host_id uuid not null references auth.users on delete cascade,
    starts timestamptz not null,
    ends timestamptz not null,
    check (ends > starts)
);
create table invitations (
    event_id uuid not null references events on delete cascade,
    email text not null check (email = lower(email) and email ~ '^[^@ ]+@[^@ ]+$'),
    code text not null default md5(random()::text),
    primary key (event_id, email)
);
alter table events enable row level security;
alter table invitations enable row level security;
create policy host on events for select to authenticated using (host_id = auth.uid());
create policy guest on invitations for select to authenticated
-- leaky:
    using (email ilike (auth.jwt() ->> 'email'));
-- safe:
    using (email = lower(auth.jwt() ->> 'email'));
-- both:

-- attack: sign up with an underscore, which matches any letter
insert into events values (:OB, :B, '2026-06-01', '2026-06-02');
insert into invitations (event_id, email) values (:OB, 'b@example.org');
-- as: authenticated A {"email": "_@example.org"}
select count(*) from invitations;
-- control:
-- as: authenticated B
select count(*) from invitations;

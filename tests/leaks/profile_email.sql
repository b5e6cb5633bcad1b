-- title: Tickets for the address that one says one has
-- class: identity taken from a row that its user may edit
-- leak: public.event_tickets select authenticated
-- owner: accounts.id
-- owner: event_tickets.holder_email
-- because: the address comes from the token, where it is confirmed

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table accounts (
    id uuid primary key default auth.uid(),
    email text not null check (email ~ '^[^@\s]+@[^@\s]+\.[a-z]{2,}$'),
    newsletter boolean not null default false
);
create table event_tickets (
    id uuid primary key default gen_random_uuid(),
    holder_email text not null,
    seat text not null unique check (seat ~ '^[A-Z][0-9]{1,2}$'),
    event_on date not null
);
alter table accounts enable row level security;
alter table event_tickets enable row level security;
create policy own on accounts to authenticated using (id = auth.uid()) with check (id = auth.uid());
create policy holder on event_tickets for select to authenticated
-- leaky:
    using (holder_email = (select a.email from accounts a where a.id = auth.uid()));
-- safe:
    using (holder_email = auth.jwt() ->> 'email');
-- both:

-- attack: change one's address, then read
insert into accounts values (:A, 'a@example.com'), (:B, 'b@example.org');
insert into event_tickets (holder_email, seat, event_on) values ('b@example.org', 'A1', '2026-01-01');
-- as: authenticated A
update accounts set email = 'b@example.org' where id = auth.uid();
select count(*) from event_tickets;
-- control:
-- as: authenticated B
select count(*) from event_tickets;

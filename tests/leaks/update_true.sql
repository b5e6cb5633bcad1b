-- title: Support tickets that anybody closes without seeing them
-- class: USING (true) for update
-- leak: public.tickets update authenticated
-- owner: tickets.reporter
-- because: the update policy asks for the reporter; a policy for select does not confine an UPDATE without WHERE

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type ticket_state as enum ('new', 'open', 'waiting', 'closed');
create table tickets (
    id integer generated always as identity primary key,
    reporter uuid not null default auth.uid(),
    subject text not null check (length(subject) >= 5),
    state ticket_state not null default 'new',
    duplicate_of integer references tickets,
    check (duplicate_of <> id)
);
alter table tickets enable row level security;
create policy read on tickets for select to authenticated using (reporter = auth.uid());
create policy open on tickets for insert to authenticated with check (reporter = auth.uid() and duplicate_of is null);
-- leaky:
create policy edit on tickets for update to authenticated using (true);
-- safe:
create policy edit on tickets for update to authenticated using (reporter = auth.uid());
-- both:
revoke update on tickets from anon, authenticated;
grant update (subject, state) on tickets to authenticated;

-- attack: close everybody's tickets
insert into tickets (reporter, subject) values (:B, 'canary');
-- as: authenticated A
update tickets set state = 'closed';
-- as: superuser
select count(*) from tickets where reporter = :B and state = 'closed';
-- control:
-- as: authenticated B
update tickets set state = 'closed' where subject = 'canary';
select count(*) from tickets where state = 'closed';

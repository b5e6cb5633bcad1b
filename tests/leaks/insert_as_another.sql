-- title: Votes cast in another's name
-- class: missing WITH CHECK on insert
-- leak: public.votes insert authenticated
-- owner: votes.voter_id
-- public: polls
-- because: a vote is the caller's own

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table polls (id integer primary key, question text not null, closes timestamptz not null);
create table votes (
    poll_id integer not null references polls on delete cascade,
    voter_id uuid not null default auth.uid() references auth.users on delete cascade,
    choice smallint not null check (choice in (1, 2, 3)),
    comment text,
    primary key (poll_id, voter_id)
);
alter table polls enable row level security;
alter table votes enable row level security;
create policy polls on polls for select using (true);
create policy own on votes for select to authenticated using (voter_id = auth.uid());
create policy vote on votes for insert to authenticated with check (
    poll_id in (select p.id from polls p where p.closes > now())
-- leaky:
    );
-- safe:
    and voter_id = auth.uid());
-- both:

-- attack: vote for another
insert into polls values (1, 'Tea?', now() + interval '1 day');
-- as: authenticated A
insert into votes (poll_id, voter_id, choice) values (1, :B, 3);
-- as: superuser
select count(*) from votes where voter_id = :B;
-- control:
-- as: authenticated B
insert into votes (poll_id, choice) values (1, 1);
select count(*) from votes;

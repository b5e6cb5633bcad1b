-- title: Mailboxes whose names differ in case
-- class: case folding
-- leak: public.letters select authenticated
-- owner: mailboxes.user_id
-- because: names are compared as they are, as they are unique

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table mailboxes (
    name text primary key check (name ~ '^[A-Za-z]{2,20}$'),
    user_id uuid not null unique default auth.uid() references auth.users on delete cascade
);
create table letters (
    id bigint generated always as identity primary key,
    to_name text not null references mailboxes on update cascade on delete cascade,
    posted_on date not null,
    body text not null
);
alter table mailboxes enable row level security;
alter table letters enable row level security;
create policy own on mailboxes for select to authenticated using (user_id = auth.uid());
create policy open on mailboxes for insert to authenticated with check (user_id = auth.uid());
create policy mine on letters for select to authenticated using (exists (
    select from mailboxes m where m.user_id = auth.uid()
-- leaky:
    and lower(m.name) = lower(to_name)));
-- safe:
    and m.name = to_name));
-- both:

-- attack: open a mailbox of the same name in capitals
insert into mailboxes values ('bea', :B);
insert into letters (to_name, posted_on, body) values ('bea', '2026-01-01', 'canary');
-- as: authenticated A
insert into mailboxes values ('BEA', :A);
select count(*) from letters where body = 'canary';
-- control:
-- as: authenticated B
select count(*) from letters where body = 'canary';

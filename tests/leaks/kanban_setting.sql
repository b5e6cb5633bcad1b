-- title: kanban boards for many companies, user and company in settings
-- class: child with USING true
-- leak: app.card_note select kanban_app
-- tenant: app.board.company_id
-- because: the twin's notes follow their card
-- platform: none
do $$ begin
  if not exists (select from pg_roles where rolname = 'kanban_app') then create role kanban_app login; end if;
end $$;
grant usage on schema public to kanban_app;
create schema app;
create table app.company (id bigint generated always as identity primary key, name text not null);
create table app.board (
  id bigint generated always as identity primary key,
  company_id bigint not null references app.company,
  title text not null
);
create table app.card (
  id bigint generated always as identity primary key,
  board_id bigint not null references app.board on delete cascade,
  column_name text not null default 'todo' check (column_name = any (array['todo', 'doing', 'done'])),
  points int check (points is null or points in (1, 2, 3, 5, 8, 13))
);
create table app.card_note (
  card_id bigint not null references app.card on delete cascade,
  written_by text not null,
  said text not null
);
insert into app.company (name) values ('acme'), ('globex');
insert into app.board (company_id, title) values (1, 'launch'), (2, 'rockets');
insert into app.card (board_id) values (1), (2);
create function app.my_company() returns bigint language sql stable as $$
  select nullif(current_setting('app.company_id', true), '')::bigint $$;
alter table app.company enable row level security;
alter table app.board enable row level security;
alter table app.card enable row level security;
alter table app.card_note enable row level security;
create policy p on app.company using (id = app.my_company());
create policy p on app.board using (company_id = app.my_company()) with check (company_id = app.my_company());
create policy p on app.card using (board_id in (select b.id from app.board b where b.company_id = app.my_company()));
-- leaky:
create policy p on app.card_note using (app.my_company() is not null);
-- safe:
create policy p on app.card_note using (card_id in (select c.id from app.card c));
-- both:
grant usage on schema app to kanban_app;
grant select, insert, update, delete on all tables in schema app to kanban_app;
-- attack: company 2 reads the notes on a card of company 1
insert into app.card_note values (1, 'ann', 'secret');
-- as: kanban_app app.company_id=2
select count(*) from app.card_note;
-- control:
-- as: kanban_app app.company_id=1
select count(*) from app.card_note;

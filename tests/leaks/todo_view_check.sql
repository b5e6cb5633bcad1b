-- title: to-do list behind a view
-- class: view without check option
-- leak: base.task insert authenticated via view my_task
-- owner: base.task.doer
-- because: the twin's view checks what is written through it
-- platform: none
create schema if not exists auth;
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
end $$;
create or replace function auth.jwt() returns jsonb language sql stable as
  $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable as
  $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant usage on schema auth to anon, authenticated;
create schema base;
create table base.task (
  id int generated always as identity primary key,
  doer uuid not null,
  title text not null,
  due date
);
alter table base.task enable row level security;
create view my_task as select * from base.task where doer = auth.uid()
-- leaky:
;
-- safe:
with cascaded check option;
-- both:
grant usage on schema public to authenticated;
grant select, insert, update, delete on my_task to authenticated;
-- attack: B gives A a task
-- as: authenticated B
insert into my_task (doer, title) values (:A, 'forged');
-- as: superuser
select count(*) from base.task where doer = :A;
-- control:
-- as: authenticated A
insert into my_task (doer, title) values (:A, 'mine');
select count(*) from my_task;

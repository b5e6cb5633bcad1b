-- title: recipe box with private recipes, steps in a child table
-- class: rls off on the child
-- leak: app.recipe_step select authenticated
-- owner: app.recipe.cook
-- because: the twin enables RLS on the steps
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
create schema app;
create table app.recipe (
  slug text primary key check (slug ~ '^[a-z]+(-[a-z]+)*$'),
  cook uuid not null,
  title text not null,
  minutes smallint check (minutes > 0 and minutes <= 600)
);
create table app.recipe_step (
  recipe_slug text not null references app.recipe on delete cascade,
  step_no smallint not null check (step_no >= 1),
  body text not null,
  primary key (recipe_slug, step_no)
);
alter table app.recipe enable row level security;
create policy cook_all on app.recipe for all to authenticated using (cook = auth.uid()) with check (cook = auth.uid());
create policy step_all on app.recipe_step for all to authenticated
  using (exists (select 1 from app.recipe r where r.slug = recipe_slug and r.cook = auth.uid()));
-- leaky:
-- safe:
alter table app.recipe_step enable row level security;
-- both:
grant usage on schema app to authenticated;
grant select, insert, update, delete on all tables in schema app to authenticated;
-- attack: B reads A's steps
insert into app.recipe values ('soup-of-a', :A, 'Soup', 20);
insert into app.recipe_step values ('soup-of-a', 1, 'the secret');
-- as: authenticated B
select count(*) from app.recipe_step;
-- control:
-- as: authenticated A
select count(*) from app.recipe_step;

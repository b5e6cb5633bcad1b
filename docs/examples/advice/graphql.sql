-- HiddenFromGraphql
create schema graphql_public;
create function graphql_public.graphql() returns jsonb language sql as $$ select '{}'::jsonb $$;
grant usage on schema graphql_public to anon;
create table posts (id int primary key);
-- broken
grant select on posts to anon;

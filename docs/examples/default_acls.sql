-- DefaultAclIs, apart
create role migrator;
create schema app;
alter default privileges for role migrator in schema app grant select on tables to authenticated;
-- broken
alter default privileges for role migrator in schema app grant delete on tables to authenticated;

-- DefaultAclsAre, apart
create role app;
alter default privileges for role app in schema public grant select on tables to authenticated;
alter default privileges in schema public revoke all on tables from postgres, anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from postgres, anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from postgres, anon, authenticated, service_role;
-- broken
alter default privileges for role app grant execute on functions to anon;

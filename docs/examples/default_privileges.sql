-- DefaultPrivilegesAre, apart
create role migrator;
alter default privileges for role migrator revoke execute on functions from public;
-- broken
alter default privileges for role migrator grant execute on functions to public;

-- NewFunctionsClosed
create role deployer;
create table posts (id int primary key);
alter table posts owner to deployer;
alter default privileges for role deployer revoke execute on functions from public;
-- broken
alter default privileges for role deployer grant execute on functions to public;

-- NoTriggerOrReferencesForApiRoles
create table posts (id int primary key);
grant select on posts to anon;
-- broken
grant all on posts to anon;

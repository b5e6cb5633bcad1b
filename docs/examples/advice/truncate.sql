-- NoTruncateForApiRoles
create table posts (id int primary key);
grant select on posts to anon;
-- broken
grant truncate on posts to anon;

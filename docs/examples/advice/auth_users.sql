-- AuthUsersHidden
create table profiles (id uuid primary key, name text);
grant select on profiles to anon;
-- broken
create view people as select id, email from auth.users;
grant select on people to anon;

-- ApiRolesStayUnderRls, apart
create table posts (id uuid primary key);
grant select on posts to authenticated;
-- broken
grant service_role to authenticated;

-- ExposedTablesUnderRls
create table posts (id int primary key);
alter table posts enable row level security;
grant select on posts to anon;
-- broken
alter table posts disable row level security;

-- ColumnCollation
create table users (id int primary key, email text collate "C");
-- broken
alter table users alter email type text collate "default";

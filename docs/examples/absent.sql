-- ObjectAbsent
create table users (id int primary key);
-- broken
alter table users add column password text;

-- ColumnStorage
create table events (id int primary key, kind text);
alter table events alter kind set statistics 1000;
-- broken
alter table events alter kind set statistics 10;

-- NoOrphans
create table users (id int primary key);
create table events (id int primary key, user_id int);
insert into users values (1);
insert into events values (1, 1);
-- broken
insert into events values (2, 7);

-- DistinctShare
create table events (id int primary key, session_id text);
insert into events values (1, 'a'), (2, 'a'), (3, 'b'), (4, 'b');
-- broken
insert into events values (5, 'c'), (6, 'd');

-- NullShare
create table users (id int primary key, phone text);
insert into users values (1, '030 1'), (2, '030 2'), (3, '030 3'), (4, null);
-- broken
insert into users values (5, null), (6, null);

-- ShareWhere
create table orders (id int primary key, status text);
insert into orders select i, 'sent' from generate_series(1, 20) as i;
-- broken
update orders set status = 'cancelled' where id <= 5;

-- ValuesMatch
create table users (id int primary key, email text);
insert into users values (1, 'ada@example.com');
-- broken
insert into users values (2, 'grace at example.com');

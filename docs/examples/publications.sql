-- PublicationPresent
create table messages (id int primary key);
create publication realtime for table messages with (publish = 'insert, update, delete');
-- broken
alter publication realtime set (publish = 'insert');

-- TablePublished, apart
create table messages (id int primary key, private boolean not null);
create publication realtime for table messages where (not private);
-- broken
alter publication realtime set table messages;

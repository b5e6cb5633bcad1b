-- ValuesOfJsonSchema
create table events (id int primary key, payload jsonb);
insert into events values (1, '{"kind": "login"}');
-- broken
insert into events values (2, '{"type": "login"}');

-- NoPersonalData
create table audit_log (id int primary key, message text, details jsonb);
insert into audit_log values (1, 'signed in', '{"user": 17}');
-- broken
insert into audit_log values (2, 'signed in', '{"user": "ada@example.com"}');

-- PublishedTablesUnderRls
create table messages (id int primary key);
alter table messages enable row level security;
alter publication supabase_realtime add table messages;
-- broken
alter table messages disable row level security;

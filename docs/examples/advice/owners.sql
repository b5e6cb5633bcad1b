-- OwnersUnderRls
create table posts (id int primary key);
alter table posts enable row level security;
-- broken
alter table posts owner to authenticated;

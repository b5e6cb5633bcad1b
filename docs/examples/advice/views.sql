-- ViewsAskAsInvoker
create table posts (id int primary key, author uuid);
alter table posts enable row level security;
create view my_posts with (security_invoker) as select * from posts;
grant select on my_posts to authenticated;
-- broken
alter view my_posts reset (security_invoker);

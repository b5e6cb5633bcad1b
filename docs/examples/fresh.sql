-- Fresh
create table events (id int primary key, created_at timestamptz not null);
insert into events values (1, now() - interval '1 hour');
-- broken
update events set created_at = now() - interval '3 days';

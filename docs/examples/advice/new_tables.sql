-- NewTablesClosed, apart
-- broken
alter default privileges grant select on tables to anon;

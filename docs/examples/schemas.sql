-- SchemaExists
create schema billing;
-- broken
alter schema billing rename to bills;

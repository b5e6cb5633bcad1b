-- ForeignDataWrapperPresent, apart
create extension postgres_fdw;
-- broken
alter foreign data wrapper postgres_fdw no handler;

-- ForeignTablesNotExposed
create extension if not exists postgres_fdw with schema extensions;
create server if not exists warehouse foreign data wrapper postgres_fdw options (dbname 'warehouse');
create foreign table orders (id int) server warehouse;
-- broken
grant select on orders to anon;

-- ForeignTableExists
create extension if not exists postgres_fdw with schema extensions;
create server if not exists warehouse foreign data wrapper postgres_fdw options (dbname 'warehouse');
create foreign table orders (id int) server warehouse options (table_name 'orders');
-- broken
alter foreign table orders options (set table_name 'old_orders');

-- ForeignTablesAre
create extension if not exists postgres_fdw with schema extensions;
create server if not exists warehouse foreign data wrapper postgres_fdw options (dbname 'warehouse');
create foreign table orders (id int) server warehouse;
-- broken
create foreign table customers (id int) server warehouse;

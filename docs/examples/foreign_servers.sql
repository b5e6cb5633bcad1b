-- ForeignServerPresent
create extension if not exists postgres_fdw with schema extensions;
create server if not exists warehouse foreign data wrapper postgres_fdw options (dbname 'warehouse');
-- broken
alter server warehouse options (set dbname 'elsewhere');

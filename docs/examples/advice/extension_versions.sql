-- ExtensionsUpToDate
create extension pg_trgm;
-- broken
drop extension pg_trgm;
create extension pg_trgm version '1.3';

-- ExtensionsNotExposed
-- broken
create extension citext;

-- ExtensionInstalled, apart
create extension vector with schema extensions;
-- broken
drop extension vector cascade;

-- ExtensionMembersAre
create schema tools;
create extension tcn with schema tools;
-- broken
create function tools.slug(text) returns text language sql as $$ select lower($1) $$;
alter extension tcn add function tools.slug(text);

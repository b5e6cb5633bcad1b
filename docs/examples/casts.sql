-- CastAbsent, apart
-- broken
create cast (text as int) with inout as implicit;

-- CastPresent, apart
create schema app;
create type app.mood as enum ('low', 'high');
create function app.number(app.mood) returns int language sql immutable as $$ select case $1 when 'high' then 1 else 0 end $$;
create cast (app.mood as int) with function app.number(app.mood) as assignment;
-- broken
drop cast (app.mood as int);

-- CastsAre, apart
create schema app;
create type app.mood as enum ('low', 'high');
create function app.number(app.mood) returns int language sql immutable as $$ select case $1 when 'high' then 1 else 0 end $$;
create cast (app.mood as int) with function app.number(app.mood) as assignment;
-- broken
create cast (app.mood as bigint) with inout;

-- OperatorAbsent
-- broken
create function same(text, int) returns boolean language sql immutable as $$ select $1 = $2::text $$;
create operator = (leftarg = text, rightarg = int, function = same);

-- OperatorPresent, apart
create extension vector;
-- broken
create schema old;
alter extension vector drop operator <=> (vector, vector);
alter operator <=> (vector, vector) set schema old;

-- OperatorsAre
create function same(text, text) returns boolean language sql immutable as $$ select lower($1) = lower($2) $$;
create function twice(bigint) returns bigint language sql immutable as $$ select 2 * $1 $$;
create operator === (leftarg = text, rightarg = text, function = same);
create operator !! (rightarg = bigint, function = twice);
-- broken
drop operator !! (none, bigint);

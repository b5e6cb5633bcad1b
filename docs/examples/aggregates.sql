-- AggregateIs
create function group_concat_add(text, text) returns text language sql as $$ select concat_ws(', ', $1, $2) $$;
create aggregate group_concat(text) (sfunc = group_concat_add, stype = text);
-- broken
create or replace aggregate group_concat(text) (sfunc = textcat, stype = text);

-- CompositeAttributes
create type address as (street text, zip varchar(10));
-- broken
alter type address add attribute country text;

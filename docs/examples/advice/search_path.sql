-- SecurityDefinersFixSearchPath
create function total() returns int language sql security definer set search_path = '' as 'select 1';
-- broken
alter function total() reset search_path;

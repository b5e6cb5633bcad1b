-- FunctionPresent
create function increment_usage(uuid, text) returns void language sql security definer set search_path = '' as '';
-- broken
alter function increment_usage(uuid, text) reset search_path;

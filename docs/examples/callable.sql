-- FunctionCallable
create function increment_usage(uuid, text) returns void language sql as '';
-- broken
revoke execute on function increment_usage(uuid, text) from public;

-- ObjectsAre in app
create function increment_usage(uuid) returns void language sql as '';
create function touch() returns void language sql as '';
-- broken
create function helper() returns void language sql as '';

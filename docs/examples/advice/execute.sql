-- NoExecuteThroughPublic
create function secret() returns int language sql as 'select 42';
revoke execute on function secret() from public;
-- broken
create function helper() returns int language sql as 'select 42';

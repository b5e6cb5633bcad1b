-- SecurityDefinersNotCallable
create function total() returns int language sql security definer set search_path = '' as 'select 1';
revoke execute on function total() from public;
-- broken
grant execute on function total() to anon;

-- PrivilegeGranted
create table invoices (id int primary key);
grant select, insert on invoices to authenticated;
-- broken
revoke insert on invoices from authenticated;

-- PrivilegeNotGranted
create table invoices (id int primary key);
grant select on invoices to anon;
-- broken
grant all on invoices to anon;

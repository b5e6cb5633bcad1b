-- AclIs
create table invoices (id uuid primary key, note text);
grant select, insert on invoices to authenticated;
grant select (note) on invoices to anon;
-- broken
grant update on invoices to authenticated;

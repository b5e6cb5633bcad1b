-- ForeignKeysIndexed
create table organizations (id uuid primary key);
create table invoices (id uuid primary key, org_id uuid references organizations);
create index on invoices (org_id);
-- broken
drop index invoices_org_id_idx;

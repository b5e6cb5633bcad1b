-- Clustered
create table invoices (id uuid primary key);
alter table invoices cluster on invoices_pkey;
-- broken
alter table invoices set without cluster;

-- ReplicaIdentity
create table events (id int primary key);
alter table events replica identity full;
-- broken
alter table events replica identity default;

-- ForeignKey
create table organizations (id uuid primary key);
create table invoices (id uuid primary key, org_id uuid references organizations (id) on delete cascade);
-- broken
alter table invoices drop constraint invoices_org_id_fkey;
alter table invoices add foreign key (org_id) references organizations (id);

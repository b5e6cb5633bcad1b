-- IndexPresent
create table invoices (id int primary key, org_id uuid, created_at timestamptz);
create index on invoices (org_id, created_at desc);
-- broken
drop index invoices_org_id_created_at_idx;
create index on invoices (org_id, created_at);

-- IndexesAre
create table invoices (id int constraint invoices_pkey primary key, org_id uuid);
create index invoices_org_id_idx on invoices (org_id);
-- broken
create index forgotten on invoices (org_id, id);

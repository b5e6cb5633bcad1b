-- RulePresent
create table invoices (id int primary key);
create rule keep_paid as on delete to invoices do instead nothing;
-- broken
drop rule keep_paid on invoices;

-- RulesAre
create table invoices (id int primary key);
create rule keep_paid as on delete to invoices do instead nothing;
-- broken
create rule quiet as on update to invoices do instead nothing;

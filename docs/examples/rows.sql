-- RowCount
create table template_presets (id int primary key);
insert into template_presets values (1);
-- broken
delete from template_presets;

-- RowsSatisfy
create table invoices (id int primary key, created_at date, paid_at date);
insert into invoices values (1, '2026-01-02', '2026-01-09'), (2, '2026-01-03', null);
-- broken
insert into invoices values (3, '2026-01-04', '2026-01-01');

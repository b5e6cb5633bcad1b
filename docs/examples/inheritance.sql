-- ChildrenAre
create table documents (id int);
create table invoices () inherits (documents);
create table receipts () inherits (documents);
-- broken
create table letters () inherits (documents);

-- InheritsFrom
create table documents (id int);
create table invoices () inherits (documents);
-- broken
alter table invoices no inherit documents;

-- NotInheritsFrom
create table documents (id int);
create table salaries (id int);
-- broken
alter table salaries inherit documents;

-- ParentsAre
create table documents (id int);
create table invoices () inherits (documents);
-- broken
create table taxed (id int);
alter table invoices inherit taxed;

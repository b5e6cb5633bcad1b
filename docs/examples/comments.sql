-- CommentIs
create table invoices (id int primary key);
comment on table invoices is 'One row an invoice, never deleted';
-- broken
comment on table invoices is 'TODO';

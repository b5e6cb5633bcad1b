-- EnumLabels
create type invoice_status as enum ('draft', 'sent', 'paid');
-- broken
alter type invoice_status rename value 'sent' to 'posted';

-- TypeExists
create type invoice_status as enum ('draft', 'sent', 'paid');
-- broken
drop type invoice_status;

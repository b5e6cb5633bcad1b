-- SequencePresent
create sequence invoices_number_seq;
-- broken
alter sequence invoices_number_seq cycle;

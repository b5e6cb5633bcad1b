-- DatabaseHas
alter database app set statement_timeout = '8s';
-- broken
alter database app reset statement_timeout;

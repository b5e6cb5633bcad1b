-- NoOidReferencesInColumns
create table jobs (id int primary key, target text);
-- broken
alter table jobs add column handler regproc;

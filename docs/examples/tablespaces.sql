-- TablespaceExists
alter tablespace pg_default rename to archive;
-- broken
alter tablespace archive rename to attic;

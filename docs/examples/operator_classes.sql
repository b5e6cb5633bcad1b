-- OperatorClassPresent, apart
create extension vector;
-- broken
drop extension vector;

-- CollationExists
create collation by_code_point (provider = builtin, locale = 'C.UTF-8');
-- broken
drop collation by_code_point;

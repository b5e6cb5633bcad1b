-- TextSearchDictionaryPresent
create text search dictionary english_nostop (template = snowball, language = english);
-- broken
drop text search dictionary english_nostop;

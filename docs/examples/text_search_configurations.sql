-- TextSearchConfigurationPresent
create extension unaccent;
create text search configuration english_unaccent (copy = english);
alter text search configuration english_unaccent alter mapping for word with unaccent, english_stem;
-- broken
alter text search configuration english_unaccent alter mapping for word with simple;

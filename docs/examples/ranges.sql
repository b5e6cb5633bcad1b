-- RangeIs
create type float_range as range (subtype = double precision, subtype_diff = float8mi);
-- broken
drop type float_range;
create type float_range as range (subtype = double precision);

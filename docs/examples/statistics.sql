-- StatisticsPresent
create table addresses (city text, postcode text);
create statistics on city, postcode from addresses;
-- broken
drop statistics addresses_city_postcode_stat;

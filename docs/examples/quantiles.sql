-- Quantiles
create table requests (id int primary key, duration_ms int);
insert into requests select i, i from generate_series(1, 100) as i;
-- broken
update requests set duration_ms = 30000 where id > 95;

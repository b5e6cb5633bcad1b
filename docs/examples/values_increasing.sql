-- ValuesIncreasing
create table readings (vehicle_id int, odometer int, taken_at date);
insert into readings values (1, 100, '2026-01-01'), (1, 250, '2026-01-02'), (2, 70, '2026-01-01');
-- broken
insert into readings values (1, 240, '2026-01-03');

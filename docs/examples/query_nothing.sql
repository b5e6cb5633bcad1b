-- QueryReturnsNothing in public
create table order_lines (order_id int, quantity int);
insert into order_lines values (1, 2), (1, 1), (2, 5);
-- broken
insert into order_lines values (3, 0);

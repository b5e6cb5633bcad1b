-- GrantsAre
create table products (id int primary key);
grant select on products to anon;
-- broken
grant insert on products to anon;

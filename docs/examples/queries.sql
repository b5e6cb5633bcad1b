-- QueryReturns
-- broken
insert into auth.users (id) values (gen_random_uuid());

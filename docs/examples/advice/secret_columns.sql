-- SecretColumnsHidden
create table accounts (id int primary key, name text, api_key text);
grant select (id, name) on accounts to anon;
-- broken
grant select on accounts to anon;

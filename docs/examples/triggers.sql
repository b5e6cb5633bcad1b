-- TriggerPresent
create table invoices (id int primary key, updated_at timestamptz);
create function set_updated_at() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
create trigger set_updated_at before update on invoices for each row execute function set_updated_at();
-- broken
alter table invoices disable trigger set_updated_at;

-- TriggersAre
create table invoices (id int primary key, updated_at timestamptz);
create function set_updated_at() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
create trigger set_updated_at before update on invoices for each row execute function set_updated_at();
-- broken
create trigger again before update on invoices for each row execute function set_updated_at();

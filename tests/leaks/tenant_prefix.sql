-- title: log lines of hosted sites, tenants have text codes
-- class: prefix
-- leak: ops.log_line select ops_app
-- tenant: ops.log_line.tenant_code
-- because: the twin compares whole codes
-- platform: none
do $$ begin
  if not exists (select from pg_roles where rolname = 'ops_app') then create role ops_app login; end if;
end $$;
grant usage on schema public to ops_app;
create schema ops;
create table ops.log_line (
  tenant_code text not null check (tenant_code ~ '^[a-z][a-z0-9-]{1,20}$'),
  at timestamptz not null default now(),
  level text not null check (level in ('info', 'warn', 'error')),
  line text not null
) partition by list (level);
create table ops.log_info partition of ops.log_line for values in ('info');
create table ops.log_rest partition of ops.log_line default;
insert into ops.log_line (tenant_code, level, line) values ('acme', 'info', 'up'), ('acme-eu', 'error', 'down');
alter table ops.log_line enable row level security;
create policy t on ops.log_line
-- leaky:
  using (tenant_code like current_setting('app.tenant', true) || '%');
-- safe:
  using (tenant_code = current_setting('app.tenant', true));
-- both:
grant usage on schema ops to ops_app;
grant select, insert on ops.log_line to ops_app;
-- attack: acme reads the log of acme-eu
-- as: ops_app app.tenant=acme
select count(*) from ops.log_line where tenant_code = 'acme-eu';
-- control:
-- as: ops_app app.tenant=acme-eu
select count(*) from ops.log_line where tenant_code = 'acme-eu';

-- title: CRM contacts; user and tenant in settings
-- class: owner check without tenant on update
-- leak: public.contact update crm_app
-- tenant: contact.tenant_id
-- because: the twin keeps the tenant on update
-- platform: none
do $$ begin
  if not exists (select from pg_roles where rolname = 'crm_app') then create role crm_app login; end if;
end $$;
grant usage on schema public to crm_app;
create table tenant (id int primary key, name text not null);
create table contact (
  id uuid primary key default gen_random_uuid(),
  tenant_id int not null references tenant,
  mail text check (mail ~ '^[^@ ]+@[^@ ]+$'),
  vip boolean not null default false
);
insert into tenant values (1, 'one'), (2, 'two');
insert into contact (tenant_id, mail) values (1, 'x@one.example'), (2, 'y@two.example');
alter table tenant enable row level security;
alter table contact enable row level security;
create policy t on tenant for select using (id = current_setting('app.tenant_id', true)::int);
create policy r on contact for select using (tenant_id = current_setting('app.tenant_id', true)::int);
create policy i on contact for insert with check (tenant_id = current_setting('app.tenant_id', true)::int);
create policy u on contact for update using (tenant_id = current_setting('app.tenant_id', true)::int)
-- leaky:
  with check (tenant_id is not null);
-- safe:
  with check (tenant_id = current_setting('app.tenant_id', true)::int);
-- both:
grant select on tenant to crm_app;
grant select, insert, update, delete on contact to crm_app;
-- attack: tenant 2 pushes a contact into tenant 1
-- as: crm_app app.tenant_id=2
update contact set tenant_id = 1, mail = 'evil@two.example';
-- as: superuser
select count(*) from contact where mail = 'evil@two.example';
-- control:
-- as: crm_app app.tenant_id=2
update contact set vip = true;
select count(*) from contact where vip;

-- title: marketplace shows its vendors
-- class: auth.users behind a view
-- leak: public.vendor_public select anon via view vendor_public
-- leak: public.vendor_public select authenticated via view vendor_public
-- public: vendor
-- owner: vendor.user_id
-- because: the twin's view has no address
create table vendor (user_id uuid primary key references auth.users, trade_name text not null);
alter table vendor enable row level security;
create policy v on vendor for select using (true);
create view vendor_public as
-- leaky:
  select v.user_id, v.trade_name, u.email, u.created_at from vendor v join auth.users u on u.id = v.user_id;
-- safe:
  select v.user_id, v.trade_name from vendor v join auth.users u on u.id = v.user_id;
-- both:
revoke insert, update, delete on vendor_public from anon, authenticated;
-- attack: anyone reads the vendors' addresses
insert into vendor values (:A, 'A & sons');
-- as: anon
select count(*) from vendor_public as v where v::text like '%@%';
-- control:
-- as: anon
select count(trade_name) from vendor_public;

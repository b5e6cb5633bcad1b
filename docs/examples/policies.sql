-- PoliciesAre
create table invoices (id int primary key, user_id uuid);
create policy owner_select on invoices for select using (user_id = (select auth.uid()));
create policy owner_insert on invoices for insert with check (user_id = (select auth.uid()));
-- broken
create policy temporary on invoices using (true);

-- PolicyPresent
create table invoices (id int primary key, user_id uuid);
create policy owner_select on invoices for select to authenticated using ((select auth.uid()) = user_id);
-- broken
alter policy owner_select on invoices using (true);

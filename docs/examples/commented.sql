-- CommentsAre
create table invoices (id int primary key, user_id uuid, amount numeric);
create policy owner_select on invoices for select using (user_id = (select auth.uid()));
comment on column invoices.amount is 'In euros';
comment on policy owner_select on invoices is 'Whose invoice it is may read it';
-- broken
comment on column invoices.id is 'Do not use';

-- title: The service role's full access, given to all
-- class: policy for PUBLIC
-- leak: public.payments select anon
-- leak: public.payments delete anon
-- leak: public.payments select authenticated
-- owner: payments.payer_id
-- because: the policy is for service_role, which bypasses row-level security anyway

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table payments (
    id text primary key check (id ~ '^pay_[A-Za-z0-9]{14}$'),
    payer_id uuid not null references auth.users,
    amount_cents bigint not null check (amount_cents > 0),
    currency text not null check (currency in ('eur', 'usd')),
    created date not null
);
alter table payments enable row level security;
create policy "Users see their payments" on payments for select to authenticated using (payer_id = auth.uid());
-- leaky:
create policy "Service role has full access" on payments using (true) with check (true);
-- safe:
create policy "Service role has full access" on payments to service_role using (true) with check (true);
-- both:

-- attack: be anybody
insert into payments values ('pay_canaryCANARY12', :B, 5, 'eur', '2026-01-01');
-- as: anon
select count(*) from payments;
-- control:
-- as: authenticated B
select count(*) from payments;

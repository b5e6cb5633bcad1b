-- title: Invoices that every signed-in user reads
-- class: USING (true) for select
-- leak: public.invoices select authenticated
-- owner: invoices.user_id
-- owner: payment_methods.user_id
-- because: the policy asks for the owner

create domain iban as text check (value ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$');
create type invoice_status as enum ('draft', 'sent', 'paid', 'void');
alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table payment_methods (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid(),
    iban iban not null unique
);
create table invoices (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid(),
    number text not null unique check (number ~ '^INV-[0-9]{6}$'),
    status invoice_status not null,
    issued date not null,
    due date not null,
    total numeric(12, 2) not null check (total > 0),
    check (due >= issued)
);
alter table payment_methods enable row level security;
alter table invoices enable row level security;
create policy own on payment_methods using (user_id = auth.uid()) with check (user_id = auth.uid());
create policy write on invoices for insert with check (user_id = auth.uid());
-- leaky:
create policy read on invoices for select to authenticated using (true);
-- safe:
create policy read on invoices for select to authenticated using (user_id = auth.uid());
-- both:

-- attack: a signed-in stranger reads an invoice
insert into invoices (user_id, number, status, issued, due, total) values (:B, 'INV-000001', 'sent', '2026-01-01', '2026-02-01', 5);
-- as: authenticated A
select count(*) from invoices;
-- control:
-- as: authenticated B
select count(*) from invoices;

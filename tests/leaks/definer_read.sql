-- title: A receipt fetched by its number
-- class: security definer function that reads
-- leak: public.receipts select authenticated via public.get_receipt(bigint)
-- owner: receipts.buyer
-- because: the function looks for the caller's own receipt

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table receipts (
    id bigint generated always as identity primary key,
    buyer uuid not null,
    bought_on date not null,
    lines jsonb not null check (jsonb_typeof(lines) = 'array'),
    card_last4 char(4) not null check (card_last4 ~ '^[0-9]{4}$')
);
alter table receipts enable row level security;
create policy own on receipts for select to authenticated using (buyer = auth.uid());
create function get_receipt(receipt_id bigint) returns jsonb
language sql stable security definer set search_path = ''
as $$
-- leaky:
    select to_jsonb(r) from public.receipts r where r.id = receipt_id
-- safe:
    select to_jsonb(r) from public.receipts r where r.id = receipt_id and r.buyer = auth.uid()
-- both:
$$;
revoke execute on function get_receipt(bigint) from public, anon;

-- attack: count up the numbers
insert into receipts overriding system value values (41, :B, '2026-01-01', '["canary"]', '4242');
-- as: authenticated A
select count(*) from generate_series(1, 50) as n where get_receipt(n)::text like '%canary%';
-- control:
-- as: authenticated B
select count(*) from generate_series(1, 50) as n where get_receipt(n)::text like '%canary%';

-- title: A check that lets pass whoever has no name
-- class: security definer function whose check is NULL
-- leak: public.tax_returns select anon via public.tax_return(uuid)
-- leak: public.tax_returns select authenticated via public.tax_return(uuid)
-- owner: tax_returns.filer_id
-- because: IS DISTINCT FROM is true where nobody is signed in; <> is NULL, and IF takes that for no

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table tax_returns (
    id uuid primary key default gen_random_uuid(),
    filer_id uuid not null references auth.users on delete cascade,
    year smallint not null check (year between 1990 and 2090),
    income numeric(14, 2) not null,
    filed date not null,
    unique (filer_id, year)
);
alter table tax_returns enable row level security;
create policy own on tax_returns for select to authenticated using (filer_id = auth.uid());
create function tax_return(wanted uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
    found_return public.tax_returns;
begin
    select * into found_return from public.tax_returns t where t.id = wanted;
-- leaky:
    if found_return.filer_id <> auth.uid() then
-- safe:
    if found_return.filer_id is distinct from auth.uid() then
-- both:
        raise exception 'not yours' using errcode = 'insufficient_privilege';
    end if;
    return to_jsonb(found_return);
end
$$;

-- attack: do not sign in
insert into tax_returns values (:OB, :B, 2025, 4321, '2026-01-01');
-- as: anon
select count(*) where tax_return(:OB) ->> 'income' = '4321.00';
-- control:
-- as: authenticated B
select count(*) where tax_return(:OB) ->> 'income' = '4321.00';

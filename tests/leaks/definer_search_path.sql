-- title: A check against a table that the caller brings along
-- class: security definer function without a fixed search_path
-- leak: public.payouts select authenticated via public.all_payouts()
-- owner: payouts.payee_id
-- because: the fixed search_path looks into the temporary schema last, so that no temporary table stands in for auditors

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table auditors (user_id uuid primary key, appointed date not null);
create table payouts (
    id uuid primary key default gen_random_uuid(),
    payee_id uuid not null,
    amount numeric(12, 2) not null check (amount > 0),
    iban text not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$')
);
alter table auditors enable row level security;
alter table payouts enable row level security;
create policy own on payouts for select to authenticated using (payee_id = auth.uid());
create function all_payouts() returns setof payouts language plpgsql stable security definer
-- leaky:
-- safe:
set search_path = public, pg_temp
-- both:
as $$
begin
    if exists (select from auditors where user_id = auth.uid()) then
        return query select p.* from public.payouts p;
    else
        return query select p.* from public.payouts p where p.payee_id = auth.uid();
    end if;
end
$$;

-- attack: bring a temporary table along that names oneself
insert into payouts (payee_id, amount, iban) values (:B, 5, 'DE00CANARY00000');
-- as: authenticated A
create temporary table auditors as select auth.uid() as user_id;
grant select on pg_temp.auditors to public;
select count(*) from all_payouts();
-- control:
-- as: authenticated B
select count(*) from all_payouts();

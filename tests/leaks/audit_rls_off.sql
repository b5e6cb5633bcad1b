-- title: An audit log that nobody thought of as a table
-- class: audit table without row-level security
-- leak: public.audit_log select anon
-- owner: addresses.user_id
-- because: the API roles have no privilege on the audit log; the trigger writes it as its owner

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table addresses (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    street text not null,
    postcode text not null check (postcode ~ '^[0-9]{5}$'),
    country char(2) not null check (country in ('DE', 'AT', 'CH'))
);
create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    table_name text not null,
    operation text not null check (operation in ('INSERT', 'UPDATE', 'DELETE')),
    row_data jsonb not null
);
create function audit() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    insert into public.audit_log (table_name, operation, row_data)
    values (tg_table_name, tg_op, to_jsonb(case when tg_op = 'DELETE' then old else new end));
    return null;
end
$$;
create trigger audit after insert or update or delete on addresses for each row execute function audit();
alter table addresses enable row level security;
create policy own on addresses to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
-- leaky:
revoke insert, update, delete on audit_log from anon, authenticated;
-- safe:
revoke all on audit_log from anon, authenticated;
-- both:

-- attack: read addresses in the log
insert into addresses (user_id, street, postcode, country) values (:B, 'canary', '12345', 'DE');
-- as: anon
select count(*) from audit_log where row_data ->> 'street' = 'canary';
-- control:
-- as: authenticated B
select count(*) from addresses where street = 'canary';

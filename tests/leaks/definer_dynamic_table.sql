-- title: An export function that takes a table's name
-- class: security definer function with dynamic SQL
-- leak: public.diary select authenticated via public.export_table(text)
-- owner: diary.user_id
-- owner: weights.user_id
-- because: the statement that the function builds asks for the caller

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table diary (
    id bigint generated always as identity primary key,
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    day date not null,
    entry text not null check (entry <> ''),
    unique (user_id, day)
);
create table weights (
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    measured_at timestamptz not null,
    kilograms numeric(4, 1) not null check (kilograms between 20 and 400),
    primary key (user_id, measured_at)
);
alter table diary enable row level security;
alter table weights enable row level security;
create policy own on diary to authenticated using (user_id = auth.uid());
create policy own on weights to authenticated using (user_id = auth.uid());
create function export_table(table_name text) returns jsonb
language plpgsql stable security definer set search_path = 'public'
as $$
declare
    result jsonb;
begin
    if table_name not in ('diary', 'weights') then
        raise exception 'no such export: %', table_name;
    end if;
    execute format(
-- leaky:
        'select jsonb_agg(t) from %I t', table_name) into result;
-- safe:
        'select jsonb_agg(t) from %I t where t.user_id = auth.uid()', table_name) into result;
-- both:
    return coalesce(result, '[]');
end
$$;

-- attack: export the diary
insert into diary (user_id, day, entry) values (:B, '2026-01-01', 'canary');
-- as: authenticated A
select count(*) where export_table('diary')::text like '%canary%';
-- control:
-- as: authenticated B
select count(*) where export_table('diary')::text like '%canary%';

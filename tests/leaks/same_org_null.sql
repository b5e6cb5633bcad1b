-- title: Colleagues of those who have no company
-- class: IS NOT DISTINCT FROM with NULL
-- leak: public.profiles select authenticated
-- tenant: profiles.company_id
-- owner: profiles.user_id
-- because: without a company one has no colleagues; = is not true for two NULLs

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table companies (id bigint generated always as identity primary key, name text not null);
create table profiles (
    user_id uuid primary key default auth.uid(),
    company_id bigint references companies on delete set null,
    full_name text not null,
    mobile text check (mobile ~ '^\+[0-9]{8,15}$')
);
create function my_company() returns bigint language sql stable security definer set search_path = ''
    as $$ select p.company_id from public.profiles p where p.user_id = auth.uid() $$;
alter table companies enable row level security;
alter table profiles enable row level security;
create policy mine on companies for select to authenticated using (id = my_company());
create policy me on profiles for select to authenticated using (user_id = auth.uid());
create policy edit on profiles for update to authenticated using (user_id = auth.uid());
create policy colleagues on profiles for select to authenticated
-- leaky:
    using (company_id is not distinct from my_company());
-- safe:
    using (company_id = my_company());
-- both:
revoke update on profiles from anon, authenticated;
grant update (full_name, mobile) on profiles to authenticated;

-- attack: have no company, as another private person
insert into profiles values (:A, null, 'A', null), (:B, null, 'canary', '+4912345678');
-- as: authenticated A
select count(*) from profiles where full_name = 'canary';
-- control:
-- as: authenticated B
update profiles set mobile = null;
select count(*) from profiles;

-- title: Tokens of devices for push messages
-- class: security definer function that inserts in another's name
-- leak: public.devices insert authenticated via public.register_device
-- owner: devices.user_id
-- because: in the twin the caller's own id is taken

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table devices (token text primary key, user_id uuid not null references auth.users, label text);
alter table devices enable row level security;
create policy d on devices for select to authenticated using (user_id = auth.uid());
create function register_device(p_token text, p_user uuid default auth.uid()) returns void language plpgsql security definer set search_path = public as $$
begin
-- leaky:
 insert into devices (token, user_id) values (p_token, p_user) on conflict (token) do update set user_id = excluded.user_id;
-- safe:
 insert into devices (token, user_id) values (p_token, auth.uid()) on conflict (token) do nothing;
-- both:
end $$;
grant select, insert, update, delete on all tables in schema public to authenticated, service_role;
-- attack: register a device of one's own as another's
-- as: authenticated A
select register_device('mine', :B);
reset role;
select count(*) from devices where user_id = :B;
-- control:
-- as: authenticated B
select register_device('theirs', :B);
select count(*) from devices where user_id = :B;

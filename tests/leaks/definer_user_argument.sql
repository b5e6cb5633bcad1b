-- title: An inbox for whichever user is named
-- class: security definer function that trusts a user id in an argument
-- leak: public.direct_messages select authenticated via public.inbox(uuid)
-- owner: direct_messages.recipient_id
-- because: the function refuses any user but the caller

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table direct_messages (
    id bigint generated always as identity primary key,
    sender_id uuid not null references auth.users on delete cascade,
    recipient_id uuid not null references auth.users on delete cascade,
    body text not null check (char_length(body) <= 1000),
    sent_at timestamptz not null default now(),
    check (sender_id <> recipient_id)
);
alter table direct_messages enable row level security;
create policy mine on direct_messages for select to authenticated using (auth.uid() in (sender_id, recipient_id));
create function inbox(of_user uuid) returns table (id bigint, body text, sent_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
-- leaky:
    if of_user is null or auth.uid() is null then
-- safe:
    if of_user is distinct from auth.uid() or auth.uid() is null then
-- both:
        raise exception 'not yours' using errcode = '42501';
    end if;
    return query select m.id, m.body, m.sent_at from public.direct_messages m where m.recipient_id = of_user;
end
$$;

-- attack: name another user
insert into auth.users (id) values (:OA);
insert into direct_messages (sender_id, recipient_id, body) values (:OA, :B, 'canary');
-- as: authenticated A
select count(*) from inbox(:B);
-- control:
-- as: authenticated B
select count(*) from inbox(:B);

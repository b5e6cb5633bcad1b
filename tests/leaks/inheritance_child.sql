-- title: Notifications with a child table for the urgent ones
-- class: inheritance child by its own name
-- leak: public.urgent_notifications select authenticated
-- leak: public.notifications select authenticated via public.urgent_notifications
-- owner: notifications.user_id
-- owner: urgent_notifications.user_id
-- because: the child has no privileges for the API roles; through the parent its rows stay reachable

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table notifications (
    id uuid not null default gen_random_uuid() primary key,
    user_id uuid not null references auth.users on delete cascade,
    message text not null,
    read_at timestamptz
);
create table urgent_notifications (
    escalate_after interval not null check (escalate_after > '0'),
    primary key (id),
    foreign key (user_id) references auth.users on delete cascade
) inherits (notifications);
alter table notifications enable row level security;
create policy own on notifications for select to authenticated using (user_id = auth.uid());
grant select on notifications to authenticated;
-- leaky:
grant select on urgent_notifications to authenticated;
-- safe:
-- both:

-- attack: name the child
insert into urgent_notifications (user_id, message, escalate_after) values (:B, 'canary', '1 h');
-- as: authenticated A
select count(*) from urgent_notifications where message = 'canary';
-- control:
-- as: authenticated B
select count(*) from notifications where message = 'canary';

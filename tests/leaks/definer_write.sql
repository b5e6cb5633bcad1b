-- title: A subscription cancelled by anybody
-- class: security definer function that writes
-- leak: public.subscriptions update authenticated via public.cancel_subscription(uuid,text)
-- owner: subscriptions.subscriber_id
-- public: plans
-- because: the function changes only the caller's own subscription

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create type billing_state as enum ('trial', 'active', 'past_due', 'cancelled');
create table plans (
    code text primary key check (code ~ '^[a-z_]{2,16}$'),
    monthly numeric(6, 2) not null
);
create table subscriptions (
    id uuid primary key default gen_random_uuid(),
    subscriber_id uuid not null unique references auth.users on delete cascade,
    plan text not null references plans,
    state billing_state not null default 'trial',
    started date not null,
    ended date,
    reason text,
    check ((state = 'cancelled') = (ended is not null))
);
alter table plans enable row level security;
alter table subscriptions enable row level security;
create policy prices on plans for select using (true);
create policy own on subscriptions for select to authenticated using (subscriber_id = auth.uid());
create function cancel_subscription(subscription uuid, why text default null) returns void
language plpgsql security definer set search_path = ''
as $$
begin
    update public.subscriptions set state = 'cancelled', ended = current_date, reason = why
    where id = subscription and state <> 'cancelled'
-- leaky:
    ;
-- safe:
    and subscriber_id = auth.uid();
-- both:
end
$$;

-- attack: cancel a competitor's subscription
insert into plans values ('pro', 9);
insert into subscriptions (id, subscriber_id, plan, state, started) values (:OB, :B, 'pro', 'active', '2026-01-01');
-- as: authenticated A
select cancel_subscription(:OB);
-- as: superuser
select count(*) from subscriptions where state = 'cancelled';
-- control:
-- as: authenticated B
select cancel_subscription(:OB);
select count(*) from subscriptions where state = 'cancelled';

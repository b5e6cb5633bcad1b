-- title: A reminder that is dismissed and shown
-- class: rows that come back from RETURNING
-- leak: public.reminders select authenticated via public.dismiss(bigint)
-- leak: public.reminders update authenticated via public.dismiss(bigint)
-- owner: reminders.user_id
-- because: only the caller's reminders are dismissed and returned

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table reminders (
    id bigint generated always as identity primary key,
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    remind_at timestamptz not null,
    about text not null,
    dismissed_at timestamptz check (dismissed_at >= remind_at)
);
alter table reminders enable row level security;
create policy own on reminders for select to authenticated using (user_id = auth.uid());
create policy add on reminders for insert to authenticated with check (user_id = auth.uid());
create function dismiss(reminder bigint) returns setof reminders
language sql security definer set search_path = ''
as $$
    update public.reminders set dismissed_at = greatest(now(), remind_at)
-- leaky:
    where id = reminder
-- safe:
    where id = reminder and user_id = auth.uid()
-- both:
    returning *
$$;

-- attack: dismiss what is another's, and read it
insert into reminders overriding system value values (5, :B, '2026-01-01', 'canary');
-- as: authenticated A
select count(*) from dismiss(5) where about = 'canary';
-- control:
-- as: authenticated B
select count(*) from dismiss(5) where about = 'canary';

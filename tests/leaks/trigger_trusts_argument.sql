-- title: Points sent to a friend, from whichever purse
-- class: trigger that writes with the definer's rights
-- leak: public.purses update authenticated via public.transfers
-- owner: purses.user_id
-- owner: transfers.from_user
-- because: a transfer goes out from the caller's own purse

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table purses (
    user_id uuid primary key references auth.users on delete cascade,
    points integer not null check (points >= 0)
);
create table transfers (
    id bigint generated always as identity primary key,
    from_user uuid not null references purses on delete cascade,
    points integer not null check (points between 1 and 1000),
    charity text not null check (charity in ('trees', 'whales')),
    requested_by uuid not null default auth.uid()
);
create function take_points() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    update public.purses set points = points - new.points where user_id = new.from_user;
    return new;
end
$$;
create trigger take_points before insert on transfers for each row execute function take_points();
alter table purses enable row level security;
alter table transfers enable row level security;
create policy own on purses for select to authenticated using (user_id = auth.uid());
create policy own on transfers for select to authenticated using (from_user = auth.uid());
create policy give on transfers for insert to authenticated
-- leaky:
    with check (requested_by = auth.uid());
-- safe:
    with check (requested_by = auth.uid() and from_user = auth.uid());
-- both:

-- attack: give away another's points
insert into purses values (:A, 10), (:B, 500);
-- as: authenticated A
insert into transfers (from_user, points, charity) values (:B, 500, 'whales');
-- as: superuser
select count(*) from purses where user_id = :B and points = 0;
-- control:
-- as: authenticated B
insert into transfers (from_user, points, charity) values (:B, 100, 'trees');
select count(*) from purses where points = 400;

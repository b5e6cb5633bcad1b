-- title: A view whose trigger writes for whoever asks
-- class: INSTEAD OF trigger with the definer's rights
-- leak: public.alarms update authenticated via public.alarm_switches
-- tenant: buildings.operator_id
-- owner: operator_users.user_id
-- because: the trigger's update asks for the operator's users

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table operators (id integer primary key, name text not null);
create table operator_users (user_id uuid primary key, operator_id integer not null references operators);
create table buildings (
    id integer generated always as identity primary key,
    operator_id integer not null references operators,
    street text not null
);
create table alarms (
    building_id integer not null references buildings on delete cascade,
    floor smallint not null check (floor between -5 and 200),
    armed boolean not null,
    tested_on date not null,
    primary key (building_id, floor)
);
create function my_operator() returns integer language sql stable security definer set search_path = ''
    as $$ select u.operator_id from public.operator_users u where u.user_id = auth.uid() $$;
alter table operators enable row level security;
alter table operator_users enable row level security;
alter table buildings enable row level security;
alter table alarms enable row level security;
create policy mine on operators for select to authenticated using (id = my_operator());
create policy mine on buildings for select to authenticated using (operator_id = my_operator());
create policy mine on alarms for select to authenticated using (building_id in (select b.id from buildings b));
create view alarm_switches with (security_invoker = true) as select a.building_id, a.floor, a.armed from alarms a;
create function switch_alarm() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    update public.alarms a set armed = new.armed from public.buildings b
    where b.id = a.building_id and a.floor = new.floor and a.building_id = new.building_id
-- leaky:
        ;
-- safe:
        and b.operator_id = public.my_operator();
-- both:
    return new;
end
$$;
create trigger switch_alarm instead of insert or update on alarm_switches for each row execute function switch_alarm();
grant select on operators, buildings, alarms to authenticated;
grant select, insert, update on alarm_switches to authenticated;

-- attack: insert a switch for another operator's building
insert into operators values (1, 'Ant'), (2, 'Bee');
insert into operator_users values (:A, 1), (:B, 2);
insert into buildings overriding system value values (1, 2, 'Main Street');
insert into alarms values (1, 0, true, '2026-01-01');
-- as: authenticated A
insert into alarm_switches values (1, 0, false);
-- as: superuser
select count(*) from alarms where not armed;
-- control:
-- as: authenticated B
update alarm_switches set armed = false;
select count(*) from alarms where not armed;

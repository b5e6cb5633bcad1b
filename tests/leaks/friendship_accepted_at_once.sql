-- title: Diaries that friends may read
-- class: a request that its sender accepts itself
-- leak: public.diary select authenticated
-- owner: diary.user_id
-- because: in the twin a request is only a request

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table friendships (requester uuid not null references auth.users, addressee uuid not null references auth.users, accepted boolean not null default false, primary key (requester, addressee), check (requester <> addressee));
create table diary (id uuid primary key default gen_random_uuid(), user_id uuid not null default auth.uid() references auth.users, entry text not null);
alter table friendships enable row level security; alter table diary enable row level security;
create policy fs on friendships for select to authenticated using (auth.uid() in (requester, addressee));
create policy fi on friendships for insert to authenticated with check (requester = auth.uid()
-- leaky:
);
-- safe:
 and not accepted);
-- both:
create policy fu on friendships for update to authenticated using (addressee = auth.uid()) with check (addressee = auth.uid());
create policy d on diary for select to authenticated using (user_id = auth.uid() or exists (select from friendships f where f.accepted and
 (f.requester = auth.uid() and f.addressee = diary.user_id or f.addressee = auth.uid() and f.requester = diary.user_id)));
grant select, insert, update, delete on all tables in schema public to authenticated, service_role;
-- attack: ask for a friendship that is accepted already
insert into diary (user_id, entry) values (:B, 'canary');
-- as: authenticated A
insert into friendships values (:A, :B, true);
select count(*) from diary where entry = 'canary';
-- control:
-- as: authenticated B
select count(*) from diary where entry = 'canary';

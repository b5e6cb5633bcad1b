-- title: Boards with comments
-- class: security definer function that writes under another's row
-- leak: public.board_comments insert authenticated via public.add_comment
-- owner: boards.owner
-- because: in the twin the board must be the caller's

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table boards (id uuid primary key default gen_random_uuid(), owner uuid not null references auth.users, title text not null);
create table board_comments (id uuid primary key default gen_random_uuid(), board_id uuid not null references boards, author uuid not null default auth.uid() references auth.users, body text not null);
alter table boards enable row level security; alter table board_comments enable row level security;
create policy b on boards to authenticated using (owner = auth.uid());
create policy c on board_comments for select to authenticated using (board_id in (select id from boards));
create function add_comment(board uuid, body text) returns uuid language plpgsql security definer set search_path = '' as $$
declare made uuid;
begin
 perform 1 from public.boards b where b.id = board
-- leaky:
 ;
-- safe:
 and b.owner = auth.uid();
-- both:
 if not found then raise exception 'no such board'; end if;
 insert into public.board_comments (board_id, body) values (board, body) returning id into made;
 return made;
end $$;
grant select, insert, update, delete on all tables in schema public to authenticated, service_role;
-- attack: comment on a board that one cannot see
insert into boards (id, owner, title) values (:OB, :B, 'theirs');
-- as: authenticated A
select add_comment(:OB, 'canary');
reset role;
select count(*) from board_comments where body = 'canary';
-- control:
-- as: authenticated B
select add_comment(:OB, 'mine');
select count(*) from board_comments where body = 'mine';

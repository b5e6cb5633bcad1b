-- DomainIs
create domain email as text not null check (value ~ '@');
-- broken
alter domain email drop not null;

-- ExclusionConstraint
create extension btree_gist with schema extensions;
create table bookings (room int, during tstzrange, exclude using gist (room with =, during with &&));
-- broken
alter table bookings drop constraint bookings_room_during_excl;

-- PartitionOf
create table events (created_at timestamptz not null) partition by range (created_at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
-- broken
alter table events detach partition events_2025;
alter table events attach partition events_2025 for values from ('2025-01-01') to ('2027-01-01');

-- PartitionedBy
create table events (created_at timestamptz not null) partition by range (created_at);
-- broken
drop table events;
create table events (created_at timestamptz not null) partition by hash (created_at);

-- PartitionsAre
create table events (created_at timestamptz not null) partition by range (created_at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
-- broken
drop table events_2026;

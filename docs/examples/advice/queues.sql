-- QueuesUnderRls
create schema pgmq;
create schema pgmq_public;
grant usage on schema pgmq_public to authenticated;
create table pgmq.q_jobs (id int);
alter table pgmq.q_jobs enable row level security;
grant select, delete on pgmq.q_jobs to authenticated;
-- broken
alter table pgmq.q_jobs disable row level security;

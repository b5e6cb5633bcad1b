-- Indexes. A plain one, of columns with the operator classes and collations that Postgres would choose for them, is put
-- together by the reader from numbers; of every other the whole definition is asked for, and its keys cut out.
-- (pg_get_indexdef for all would cost more than all the rest.) Name, method and options stand in relations.sql, the
-- constraint that an index serves in constraints.sql: the reader knows them by oid, and a join would cost as much again.
-- The indexes of relations that are not read have rows too, and are dropped there.
select
    i.indrelid,
    i.indexrelid,
    i.indisunique,
    i.indisprimary,
    i.indisvalid,
    ${indnullsnotdistinct},
    i.indnkeyatts,
    i.indkey::pg_catalog.text,
    i.indoption::pg_catalog.text,
    i.indclass::pg_catalog.text,
    i.indcollation::pg_catalog.text,
    case when i.indpred is not null then coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ${gone}) end
from pg_catalog.pg_index as i

-- Text search configurations that somebody made: the parser, and which dictionaries each kind of token goes through.
-- ts_token_type calls the parser's own function, so it is asked only where Postgres brings that along; of any other
-- parser, a kind of token has its number for a name.
select
    n.nspname,
    c.cfgname,
    pg_catalog.pg_get_userbyid(c.cfgowner),
    pn.nspname,
    p.prsname,
    (
        select pg_catalog.json_agg(
            pg_catalog.json_build_array(
                coalesce(
                    (
                        select k.alias
                        from pg_catalog.ts_token_type(
                            case when p.prslextype::pg_catalog.oid < 16384 then p.oid end
                        ) as k
                        where k.tokid = m.maptokentype
                    ),
                    m.maptokentype::pg_catalog.text
                ),
                dn.nspname,
                d.dictname
            )
            order by m.maptokentype, m.mapseqno
        )
        from pg_catalog.pg_ts_config_map as m
        join pg_catalog.pg_ts_dict as d on d.oid = m.mapdict
        join pg_catalog.pg_namespace as dn on dn.oid = d.dictnamespace
        where m.mapcfg = c.oid
    ),
    (
        select e.extname
        from pg_catalog.pg_depend as x
        join pg_catalog.pg_extension as e on e.oid = x.refobjid
        where x.classid = 'pg_catalog.pg_ts_config'::pg_catalog.regclass and x.objid = c.oid and x.deptype = 'e'
    ),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_ts_config'::pg_catalog.regclass and d.objoid = c.oid and d.objsubid = 0
    )
from pg_catalog.pg_ts_config as c
join pg_catalog.pg_namespace as n on n.oid = c.cfgnamespace
join pg_catalog.pg_ts_parser as p on p.oid = c.cfgparser
join pg_catalog.pg_namespace as pn on pn.oid = p.prsnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.cfgname

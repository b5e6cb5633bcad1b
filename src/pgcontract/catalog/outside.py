"""What reaches out of the transaction: what it does there, no rollback takes back.

Known by name are the server's own functions for files, other sessions, and the write-ahead log, and the extensions
that speak to other servers. Of code that is not SQL, trusted languages stay inside by Postgres's own promise, and so
do those extensions in C that are listed here; of any other nobody can tell, and so it counts as reaching outside.
Source: the PostgreSQL documentation, "System Administration Functions", "Large Objects", "CREATE LANGUAGE".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.uses import Name, Uses

_SERVER = re.compile(
    r"pg_read_(?:binary_)?file(?:_old)?|pg_stat_file|pg_ls_\w*dir|pg_file_\w+|lo_import|lo_export|be_lo_\w+|"
    r"pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile\w*|pg_switch_wal|pg_promote|pg_wal_replay_\w+|"
    r"pg_logical_emit_message|pg_create_\w*(?:slot|restore_point)|pg_drop_replication_slot|pg_copy_\w+_slot|"
    r"pg_replication_\w+|pg_logical_slot_get_\w+|pg_start_backup|pg_stop_backup|pg_backup_(?:start|stop)|"
    r"pg_stat_reset\w*|pg_log_backend_memory_contexts|pg_log_standby_snapshot|(?:query|table|schema|database)_to_\w+_file|"
    r"pg_(?:try_)?advisory_(?:un)?lock(?:_shared|_all)?"
)
"""Functions of the server's own; a session's advisory lock too outlives the transaction in which it was taken."""

_OF_EXTENSIONS = re.compile(r"dblink\w*|http(?:_(?:get|post|put|patch|delete|head|set_curlopt))?|http_request|net\.\w+")
"""Functions known by their names even where the catalog does not say whose they are."""

_OUTWARD = frozenset(
    """
    adminpack aws_commons aws_lambda aws_s3 azure_storage dblink file_fdw http mysql_fdw mongo_fdw multicorn
    oracle_fdw orafce_mail pg_background pg_cron pg_curl pg_net pg_task pgagent plsh postgres_fdw redis redis_fdw
    sqlite_fdw tds_fdw wrappers
    """.split()  # noqa: SIM905 - words that people look up
)
_INSIDE = frozenset(
    """
    address_standardizer age amcheck autoinc bloom bool_plperl btree_gin btree_gist citext cube dict_int dict_xsyn
    earthdistance fuzzystrmatch h3 hstore hstore_plperl hstore_plpgsql hypopg index_advisor insert_username intagg
    intarray ip4r isn jsonb_plperl lo ltree moddatetime orafce pageinspect pg_bigm pg_buffercache pg_freespacemap
    pg_graphql pg_hashids pg_idkit pg_ivm pg_jsonschema pg_partman pg_prewarm pg_repack pg_roaringbitmap
    pg_similarity pg_stat_monitor pg_stat_statements pg_surgery pg_trgm pg_ulid pg_uuidv7 pg_visibility pgaudit
    pgcrypto pgjwt pgmq pgroonga pgrouting pgrowlocks pgsodium pgstattuple pgtap pgvector plpgsql plpgsql_check plv8
    postgis postgis_raster postgis_sfcgal postgis_tiger_geocoder postgis_topology prefix refint rum seg semver
    sslinfo supabase_vault tablefunc tcn temporal_tables timescaledb tsm_system_rows tsm_system_time unaccent unit
    uuid-ossp vector vectorscale
    """.split()  # noqa: SIM905 - words that people look up
)
_SQL = frozenset({"sql", "plpgsql"})
_CATALOG = "pg_catalog"


def is_outward(extension: str) -> bool:
    """Whether an extension is there to reach outside."""
    return extension in _OUTWARD


def by_code(catalog: Catalog, function: Function) -> str | None:
    """Why a function's code can reach outside whatever it says, or None."""
    if function.extension in _OUTWARD:
        return f"belongs to the extension {function.extension}, which reaches outside"
    if function.language in {*_SQL, "internal"} or function.extension in _INSIDE:
        return None
    if function.language == "c":
        whose = f"of the extension {function.extension}" if function.extension else f"in {function.library}"
        return f"is C code {whose}, of which it is not known that it stays inside"
    language = catalog.languages.get(function.language)
    if language is not None and language.trusted:
        return None
    return f"is written in {function.language}, which can reach outside"


def by_text(used: Uses, unknown: Iterable[Name]) -> str | None:
    """How a text reaches outside by itself, or None.

    Args:
        used: What it uses.
        unknown: Those of its calls that the catalog does not know, the server's own among them.
    """
    if used.outward is not None:
        return f"reaches outside by {used.outward}"
    named = next((name for name in sorted(unknown) if _is_outward_call(name)), None)
    return None if named is None else f"reaches outside by {'.'.join(named)}"


def _is_outward_call(name: Name) -> bool:
    if len(name) == 1 or name[0] == _CATALOG:
        return bool(_SERVER.fullmatch(name[-1]) or _OF_EXTENSIONS.fullmatch(name[-1]))
    return bool(_OF_EXTENSIONS.fullmatch(".".join(name)) or _OF_EXTENSIONS.fullmatch(name[-1]))

"""What two major versions of Postgres have otherwise by themselves, made alike before catalogs are compared.

Each step says since which version; a catalog that is older is made as the newer has it, or the newer without what the
older cannot have. `tests/catalog/odd/before_NN.json` has the differences of one schema on every version.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.privileges import Grant

_MULTIRANGES = 140000
_COMPRESSION = 140000
_PUBLIC_CLOSED = 150000
_MAINTAIN = 170000
_IDENTITY_OF_PARTITIONS = 170000
_MAJOR = 10000


def bridged(left: Catalog, right: Catalog) -> tuple[Catalog, Catalog]:
    """Both catalogs without what differs between them for their versions' sake alone."""
    older, newer = sorted((left.server.version_number, right.server.version_number))
    if older // _MAJOR == newer // _MAJOR:
        return left, right
    for since, step in _STEPS:
        if older < since <= newer:
            left, right = step(left, right)
    return _extensions(left, right), _extensions(right, left)


def _each(catalog: Catalog, of: Callable[[Catalog], Catalog]) -> Catalog:
    return of(catalog)


def _maintain(left: Catalog, right: Catalog) -> tuple[Catalog, Catalog]:
    """Before version 17 there is no privilege MAINTAIN."""
    return _each(left, _without_maintain), _each(right, _without_maintain)


def _without_maintain(catalog: Catalog) -> Catalog:
    return replace(
        catalog,
        relations={name: _kept(record) for name, record in catalog.relations.items()},
        default_privileges={name: _kept(record) for name, record in catalog.default_privileges.items()},
    )


def _kept(record: Any) -> Any:
    grants: tuple[Grant, ...] = tuple(grant for grant in record.grants if grant.privilege != "MAINTAIN")
    return record if len(grants) == len(record.grants) else replace(record, grants=grants)


def _public(left: Catalog, right: Catalog) -> tuple[Catalog, Catalog]:
    """Before version 15 the schema public belongs to the superuser, and everybody may create in it.

    What the newer has granted to that role needs no grant on the older; and what everybody was granted on both is so.
    """
    old, new = (left, right) if left.server.version_number < right.server.version_number else (right, left)
    before, after = old.schemas.get("public"), new.schemas.get("public")
    if before is None or after is None or after.owner != "pg_database_owner":
        return left, right
    former = old.roles.get(before.owner)
    if former is not None and not former.superuser:
        return left, right
    open_to_all = ("PUBLIC", "CREATE")
    still = any((grant.grantee, grant.privilege) == open_to_all for grant in after.grants)
    grants = tuple(
        replace(
            grant,
            grantee=after.owner if grant.grantee == before.owner else grant.grantee,
            grantor=after.owner if grant.grantor == before.owner else grant.grantor,
        )
        for grant in before.grants
        if still or (grant.grantee, grant.privilege) != open_to_all
    )
    kept = tuple(grant for grant in after.grants if grant.grantee != before.owner)
    bridged_old, bridged_new = (
        replace(catalog, schemas={**catalog.schemas, "public": replace(schema, owner=after.owner, grants=granted)})
        for catalog, schema, granted in ((old, before, tuple(sorted(grants))), (new, after, kept))
    )
    return (bridged_old, bridged_new) if old is left else (bridged_new, bridged_old)


def _multiranges(left: Catalog, right: Catalog) -> tuple[Catalog, Catalog]:
    """Before version 14 a range type has no multirange type, and no functions for it."""
    return _each(left, _without_multiranges), _each(right, _without_multiranges)


def _without_multiranges(catalog: Catalog) -> Catalog:
    gone = {name for name, kind in catalog.types.items() if kind.kind == "multirange"}
    return replace(
        catalog,
        types={name: replace(kind, multirange=None) for name, kind in catalog.types.items() if name not in gone},
        functions={
            name: function
            for name, function in catalog.functions.items()
            if not (function.of_a_range and (function.source or "").startswith("multirange_constr"))
        },
    )


def _compressions(left: Catalog, right: Catalog) -> tuple[Catalog, Catalog]:
    """Before version 14 no column has a compression method of its own."""
    return _each(left, _without_compressions), _each(right, _without_compressions)


def _without_compressions(catalog: Catalog) -> Catalog:
    relations = dict(catalog.relations)
    for name, relation in catalog.relations.items():
        if any(each.stored for each in relation.columns.values()):
            columns = {
                key: replace(each, stored=tuple(one for one in each.stored if not one.startswith("compression=")))
                for key, each in relation.columns.items()
            }
            relations[name] = replace(relation, columns=columns)
    return replace(catalog, relations=relations)


def _identities(left: Catalog, right: Catalog) -> tuple[Catalog, Catalog]:
    """Before version 17 a partition's column is no identity column where its parent's is one."""
    return _each(left, _without_identities), _each(right, _without_identities)


def _without_identities(catalog: Catalog) -> Catalog:
    relations = dict(catalog.relations)
    for name, relation in catalog.relations.items():
        if relation.is_partition and any(column.identity for column in relation.columns.values()):
            columns = {key: replace(column, identity=None) for key, column in relation.columns.items()}
            relations[name] = replace(relation, columns=columns)
    return replace(catalog, relations=relations)


def _extensions(catalog: Catalog, other: Catalog) -> Catalog:
    """A server has its own versions of extensions: where both have what theirs would install, both have the same."""
    theirs: Mapping[str, Any] = other.extensions
    return replace(
        catalog,
        extensions={
            name: replace(extension, version="the server's own", others=())
            if name in theirs and _up_to_date(extension) and _up_to_date(theirs[name])
            else extension
            for name, extension in catalog.extensions.items()
        },
    )


def _up_to_date(extension: Any) -> bool:
    return extension.default_version in (None, extension.version)


_STEPS: tuple[tuple[int, Callable[[Catalog, Catalog], tuple[Catalog, Catalog]]], ...] = (
    (_MULTIRANGES, _multiranges),
    (_COMPRESSION, _compressions),
    (_PUBLIC_CLOSED, _public),
    (_MAINTAIN, _maintain),
    (_IDENTITY_OF_PARTITIONS, _identities),
)

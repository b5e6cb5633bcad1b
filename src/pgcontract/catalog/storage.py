"""In which order a table is stored, and by what replication tells its rows apart."""

from __future__ import annotations

from typing import Any, Literal

from pgcontract.names import qualified
from pgcontract.records import dataclass

ReplicaIdentityKind = Literal["DEFAULT", "NOTHING", "FULL", "INDEX"]


@dataclass(frozen=True, slots=True)
class Storage:
    """What is out of the ordinary about how a table or materialised view is stored.

    Attributes:
        name: The relation's canonical name.
        replica_identity: What of an old row an UPDATE or DELETE sends to subscribers; `DEFAULT` is the primary key.
        replica_index: The index that `INDEX` stands for.
        clustered_on: The index that `CLUSTER` takes when none is named.
    """

    name: str
    replica_identity: ReplicaIdentityKind = "DEFAULT"
    replica_index: str | None = None
    clustered_on: str | None = None


_IDENTITIES: dict[str, ReplicaIdentityKind] = {"d": "DEFAULT", "n": "NOTHING", "f": "FULL", "i": "INDEX"}


def from_row(row: tuple[Any, ...]) -> Storage:
    """The record that a row of `sql/storage.sql` makes."""
    schema, name, identity, replica_index, clustered_on = row
    return Storage(qualified(schema, name), _IDENTITIES[identity], replica_index, clustered_on)

"""The catalog of one database at one moment: immutable, without I/O, the only thing a catalog expectation sees."""

from __future__ import annotations

from dataclasses import field, fields
from functools import partial
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.forms import Answer, Form, FormError
from pgcontract.catalog.objects import Objects, UnreadableError
from pgcontract.names import quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.casts import Cast
    from pgcontract.catalog.collations import Collation
    from pgcontract.catalog.default_privileges import DefaultPrivileges
    from pgcontract.catalog.event_triggers import EventTrigger
    from pgcontract.catalog.extensions import Extension
    from pgcontract.catalog.foreign_data_wrappers import ForeignDataWrapper
    from pgcontract.catalog.foreign_servers import ForeignServer
    from pgcontract.catalog.foreign_tables import ForeignTable
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.inheritance import Inheritance
    from pgcontract.catalog.languages import Language
    from pgcontract.catalog.operator_classes import OperatorClass
    from pgcontract.catalog.operators import Operator
    from pgcontract.catalog.partitions import Partitioning
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.publications import Publication
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.roles import Role
    from pgcontract.catalog.rules import Rule
    from pgcontract.catalog.schemas import Schema
    from pgcontract.catalog.sequences import Sequence
    from pgcontract.catalog.statistics import Statistics
    from pgcontract.catalog.storage import Storage
    from pgcontract.catalog.subscriptions import Subscription
    from pgcontract.catalog.tablespaces import Tablespace
    from pgcontract.catalog.text_search_configurations import TextSearchConfiguration
    from pgcontract.catalog.text_search_dictionaries import TextSearchDictionary
    from pgcontract.catalog.types import Type
    from pgcontract.catalog.views import View


@dataclass(frozen=True, slots=True)
class Server:
    """The database that was read, and by whom.

    Attributes:
        name: The database's name.
        version: The server's version as it prints it: `18.6`.
        version_number: `server_version_num`: 180006.
        owner: The database's owner.
        user: The role that read.
        standby: Whether the server is in recovery, and so only readable.
        host: The host or socket directory that was connected to.
        collation: `LC_COLLATE`, the order of text where no other collation is said.
        character_type: `LC_CTYPE`.
        connection_limit: How many connections at once; -1 for no limit.
        settings: What `ALTER DATABASE … SET` has set for every role, as `name=value`.
        grants: Granted on the database.
    """

    name: str
    version: str
    version_number: int
    owner: str
    user: str
    standby: bool = False
    host: str = ""
    encoding: str = "UTF8"
    collation: str | None = None
    character_type: str | None = None
    connection_limit: int = -1
    settings: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """What a database is. Relations, functions and sequences are keyed by canonical qualified names.

    Attributes:
        relations: Tables, views, materialised and foreign tables, by name.
        functions: By signature: `public.total(uuid, integer)`.
        casts: By signature: `(integer AS text)`; the server's own too.
        operators: By signature: `public.=== (integer, integer)`.
        operator_classes: By name and method: `public.int4_ops USING btree`.
        views: What views and materialised views select, by name.
        partitions: By what partitioned tables are cut, by name.
        inheritance: The parents of tables and partitions that have any, by the child's name.
        storage: Tables that are clustered or have a replica identity of their own, by name; the others are not there.
        rules: By the canonical name of the relation and the rule: `public.notes.no_delete`.
        tables: The relations that are ordinary or partitioned tables.
        overloads: The functions that share a canonical name, in the order of their signatures.
        default_privileges: What `ALTER DEFAULT PRIVILEGES` has set: `FOR ROLE app IN SCHEMA public ON TABLES`.
        forms: Postgres's own form of what an author wrote, as far as the server was asked.
        unreadable: Why the role may not read something, by the reader's query; what is made of it raises that.
    """

    server: Server
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    casts: Mapping[str, Cast] = field(default_factory=dict)
    operators: Mapping[str, Operator] = field(default_factory=dict)
    operator_classes: Mapping[str, OperatorClass] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)
    tablespaces: Mapping[str, Tablespace] = field(default_factory=dict)
    collations: Mapping[str, Collation] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    partitions: Mapping[str, Partitioning] = field(default_factory=dict)
    inheritance: Mapping[str, Inheritance] = field(default_factory=dict)
    storage: Mapping[str, Storage] = field(default_factory=dict)
    foreign_data_wrappers: Mapping[str, ForeignDataWrapper] = field(default_factory=dict)
    foreign_servers: Mapping[str, ForeignServer] = field(default_factory=dict)
    foreign_tables: Mapping[str, ForeignTable] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    event_triggers: Mapping[str, EventTrigger] = field(default_factory=dict)
    publications: Mapping[str, Publication] = field(default_factory=dict)
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    statistics: Mapping[str, Statistics] = field(default_factory=dict)
    default_privileges: Mapping[str, DefaultPrivileges] = field(default_factory=dict)
    text_search_configurations: Mapping[str, TextSearchConfiguration] = field(default_factory=dict)
    text_search_dictionaries: Mapping[str, TextSearchDictionary] = field(default_factory=dict)
    forms: Mapping[Form, Answer] = field(default_factory=dict)
    unreadable: Mapping[str, UnreadableError] = field(default_factory=dict, compare=False)
    tables: Mapping[str, Relation] = field(init=False, repr=False, compare=False)
    overloads: Mapping[str, tuple[Function, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for noun, plural in _NOUNS.items():
            object.__setattr__(self, plural, Objects(noun, getattr(self, plural)))
        object.__setattr__(self, "tables", Objects("table", partial(_tables, self.relations)))
        object.__setattr__(self, "overloads", Objects("function", partial(_overloads, self.functions)))

    def require(self, noun: str) -> None:
        """Make sure that what a query of the reader gives was read, where it is no mapping of its own: `comments`.

        Raises:
            UnreadableError: The role may not read it.
        """
        if noun in self.unreadable:
            raise UnreadableError(str(self.unreadable[noun]))

    def own_form(self, form: Form) -> str:
        """The author's text as Postgres itself would store it; the text as it stands where nobody could be asked.

        Raises:
            FormError: The server does not understand the text; its message says why.
        """
        answer = self.forms.get(form, form.text) if self.forms else form.text
        if isinstance(answer, FormError):
            raise answer
        return answer

    def settles(self, form: Form) -> bool:
        """Whether nobody need be asked: the object holds the very text, in Postgres's own form, or is not there.

        Nor of a column that is not there: that it is missing is its own failure.
        """
        try:
            if form.on_table and form.object not in self.relations:
                return True
            column: str | None = getattr(form, "column", None)
            if form.on_table and column is not None and column not in self.relations[form.object].columns:
                return True
            return form.text in form.stored(self)
        except UnreadableError:  # asking tells whether there is an answer nonetheless, or why there is none
            return False

    def changed(self, records: Mapping[str, Mapping[str, Any]], server: Server | None = None) -> Catalog:
        """The same catalog but for some records: it shares all the others, and costs no more than what is changed.

        Args:
            records: By field and name what is there instead; None takes a record away.
            server: What is said of the database itself, where that changes.
        """
        made: Catalog = object.__new__(type(self))
        for each in fields(self):
            object.__setattr__(made, each.name, getattr(self, each.name))
        for plural, changes in records.items():
            object.__setattr__(made, plural, Objects(_NOUN_OF[plural], partial(_put, getattr(self, plural), changes)))
        if "relations" in records:
            tables = {
                name: record if record and record.is_table else None for name, record in records["relations"].items()
            }
            object.__setattr__(made, "tables", Objects("table", partial(_put, self.tables, tables)))
        if "functions" in records:
            object.__setattr__(made, "overloads", Objects("function", partial(_overloads, made.functions)))
        if server is not None:
            object.__setattr__(made, "server", server)
        return made

    def in_schema(self, schema: str) -> Iterator[Relation]:
        """The relations of a schema, in the order of their names.

        Raises:
            MissingObjectError: There is no such schema.
        """
        prefix = f"{quote(self.schemas[schema].name)}."
        return (relation for name, relation in self.relations.items() if name.startswith(prefix))


def _put(records: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The records with the changes; None takes one away."""
    kept = {**records, **changes}
    for name in [name for name, record in changes.items() if record is None]:
        del kept[name]
    return kept


def _tables(relations: Mapping[str, Relation]) -> dict[str, Relation]:
    return {name: relation for name, relation in relations.items() if relation.is_table}


def _overloads(functions: Mapping[str, Function]) -> dict[str, tuple[Function, ...]]:
    found: dict[str, tuple[Function, ...]] = {}
    for function in functions.values():
        found[function.name] = (*found.get(function.name, ()), function)
    return found


_NOUNS = {
    "schema": "schemas",
    "relation": "relations",
    "function": "functions",
    "sequence": "sequences",
    "extension": "extensions",
    "role": "roles",
    "type": "types",
    "cast": "casts",
    "operator": "operators",
    "operator class": "operator_classes",
    "language": "languages",
    "tablespace": "tablespaces",
    "collation": "collations",
    "view": "views",
    "partitioned table": "partitions",
    "child table": "inheritance",
    "unusual storage": "storage",
    "foreign data wrapper": "foreign_data_wrappers",
    "foreign server": "foreign_servers",
    "foreign table": "foreign_tables",
    "rule": "rules",
    "event trigger": "event_triggers",
    "publication": "publications",
    "subscription": "subscriptions",
    "statistics object": "statistics",
    "default privileges": "default_privileges",
    "text search configuration": "text_search_configurations",
    "text search dictionary": "text_search_dictionaries",
}
_NOUN_OF = {plural: noun for noun, plural in _NOUNS.items()}

"""Access control lists: who was granted what on one object, to the letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier
from pgcontract.expectations.described import DescribedNoun, full_name, home, located, name_forms, placed_name
from pgcontract.expectations.kinds import KINDS
from pgcontract.expectations.privileges import ON, known
from pgcontract.expectations.targets import bracketed, grantee_of
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.privileges import Grant

ALL = "ALL"
"""Every privilege that the server knows on such an object."""
OPTION = " WITH GRANT OPTION"
_MAINTAIN_SINCE = 170000
_COLUMN = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"})
# What stands after ON in GRANT, and the privileges that there are, by what DROP calls the kind of object.
_KINDS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("table", "view", "materialized view", "foreign table"), ("table", "table")),
    "sequence": ("sequence", "sequence"),
    **dict.fromkeys(("routine", "function", "procedure", "aggregate"), ("routine", "function")),
    "schema": ("schema", "on_schema"),
    "database": ("database", "on_database"),
    "type": ("type", "type"),
    "domain": ("domain", "type"),
    "language": ("language", "language"),
    "foreign data wrapper": ("foreign data wrapper", "foreign_data_wrapper"),
    "server": ("foreign server", "server"),
    "tablespace": ("tablespace", "tablespace"),
}


def _words(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _said(privileges: Sequence[str]) -> tuple[str, ...]:
    """In upper case and in order, each once; the stronger of two that differ in the grant option."""
    said = {_word(text) for text in privileges}
    return tuple(sorted(word for word in said if f"{word}{OPTION}" not in said))


def _word(text: str) -> str:
    plain, option, rest = " ".join(text.upper().split()).partition(OPTION)
    if rest:
        raise ValueError(f"{text!r} is not a privilege")
    return f"{plain if plain == ALL else known(plain)}{option}"


def _in_order(grants: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    named = {PUBLIC if role.upper() == PUBLIC else role: privileges for role, privileges in grants.items()}
    return dict(sorted(named.items()))


Said = Annotated[
    Sequence[str], BeforeValidator(_words, json_schema_input_type=str | Sequence[str]), AfterValidator(_said)
]
Grants = Annotated[Mapping[Identifier, Said], AfterValidator(_in_order)]
"""Privileges by role: `SELECT`, `SELECT WITH GRANT OPTION`, `ALL`."""


class AclIs(CatalogExpectation):
    """The access control list of {noun} {name} is {grants}.

    A closed world of what was granted on one object, to whomever: nobody has been granted more, or less. Each role is
    named with its privileges; one of them may be `ALL`, or end in `WITH GRANT OPTION`, and `PUBLIC` is everybody. The
    owner has all of them, unless it is named. `columns` are the columns of a table with grants of their own: exactly
    these, to exactly these roles.

    It is the grants that are compared, not what they come to: what a role may do through PUBLIC or through other
    roles is for `GrantsAre` and `MemberOf`. `noun` is what Postgres calls the object: `table`, `function`, `schema`, …;
    of a `database` no name is said, it is the one that is looked at.

    Example:
        AclIs("table", "invoices", {"authenticated": ["SELECT", "INSERT"]}, columns={"note": {"anon": "SELECT"}})

    Repair: grant what is missing, and revoke the rest.
    """

    noun: DescribedNoun
    name: str = ""
    grants: Grants = Field(default_factory=dict)
    columns: Mapping[Identifier, Grants] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _placed(cls, name: str, info: Any) -> str | None:
        return name if info.data.get("noun") == "database" else placed_name(name, info)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        kind = KINDS[self.noun].sql if self.noun in KINDS else self.noun
        if kind not in _KINDS:
            raise ValueError(f"nothing is granted on a {self.noun}")
        if bool(self.name) is (self.noun == "database"):
            raise ValueError("say which" if not self.name else "of databases, only the one that is looked at is known")
        if self.columns and _KINDS[kind][1] != "table":
            raise ValueError(f"a {self.noun} has no columns")
        spelled(self.grants, ON[_KINDS[kind][1]])
        for grants in self.columns.values():
            spelled(grants, _COLUMN)
        return self

    @property
    def belongs_to(self) -> str | None:
        return home(self.noun, self.name)

    @property
    def subject(self) -> str:
        return "database" if self.noun == "database" else full_name(self.noun, self.name, None)

    def forms(self) -> Iterable[Form]:
        return name_forms(self.noun, self.name)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        record, called = located(catalog, self.noun, self.name or catalog.server.name, None)
        kind = next(kind for kind in sorted(_KINDS, key=len, reverse=True) if called.startswith(f"{kind} "))
        sql, group = _KINDS[kind]
        words, every = f"{sql} {called.removeprefix(f'{kind} ')}", everything(catalog, group)
        expected = spelled(self.grants, every)
        if record.owner not in self.grants:
            expected |= {(record.owner, privilege): False for privilege in every}
        yield from _compare(catalog, words, None, expected, granted(record.grants, record.owner))
        if group == "table":
            for column in record.columns.values():
                wanted = spelled(self.columns.get(column.name, {}), _COLUMN)
                yield from _compare(catalog, words, column.name, wanted, granted(column.grants, record.owner))
            for column in self.columns:
                record.columns[column]  # one that is missing is its own failure


Held = dict[tuple[str, str], bool]


def everything(catalog: Catalog, on: str) -> frozenset[str]:
    """The privileges that the server's version knows; `on` is a key of `ON`."""
    return ON[on] - (frozenset() if catalog.server.version_number >= _MAINTAIN_SINCE else {"MAINTAIN"})


def spelled(grants: Mapping[str, Sequence[str]], every: Collection[str]) -> Held:
    """Whether each role may grant each privilege on, as far as it has it.

    Raises:
        ValueError: There is no such privilege among all that there are.
    """
    held: Held = {}
    for role, words in grants.items():
        for word in words:
            plain, option = word.removesuffix(OPTION), word.endswith(OPTION)
            if plain not in {ALL, "MAINTAIN", *every}:  # which versions before 17 do not know
                raise ValueError(f"there is no privilege {plain} there, only {', '.join(sorted(every))}")
            for privilege in every if plain == ALL else (plain,):
                held[role, privilege] = option or held.get((role, privilege), False)
    return held


def granted(grants: Iterable[Grant], owner: str | None) -> Held:
    """What the catalog has, whoever granted it; an owner may always grant on, and so that is never said of it."""
    held: Held = {}
    for grant in grants:
        key = grant.grantee, grant.privilege
        held[key] = held.get(key, False) or (grant.grantable and grant.grantee != owner)
    return held


def _compare(catalog: Catalog, words: str, column: str | None, expected: Held, observed: Held) -> Iterator[Finding]:
    on = f"{bracketed(column)} on {words}"
    plain = words.partition(" ")[2] if words.startswith("table ") else words
    place = plain if column is None else f"{plain}.{quote(column)}"
    for role, privilege in sorted({*expected, *observed}):
        wanted, there = expected.get((role, privilege)), observed.get((role, privilege))
        if wanted == there:
            continue
        to, what = grantee_of(role), f"{privilege.lower()}{on}"
        if there is None:
            if role != PUBLIC:
                catalog.roles[role]  # one that is missing is its own failure
            sql = f"grant {what} to {to}{' with grant option' if wanted else ''};"
        elif wanted is None:
            sql = f"revoke {what} from {to};"
        else:
            sql = f"grant {what} to {to} with grant option;" if wanted else f"revoke grant option for {what} from {to};"
        yield Finding(
            f"{role} was {'not ' if there is None else ''}granted {privilege} on {place}"
            + ("" if there is None or wanted is None else f" {'with' if there else 'without'} grant option"),
            expected=shown(privilege, wanted),
            observed=shown(privilege, there),
            object=None if column is None else place,
            repair=(Repair(sql, "changes access"),),
        )


def shown(privilege: str, option: bool | None) -> str:  # noqa: FBT001 - None is for not at all
    """A privilege as it is, or is not, granted; `option` says whether it may be granted on."""
    return f"no {privilege}" if option is None else f"{privilege}{OPTION if option else ''}"

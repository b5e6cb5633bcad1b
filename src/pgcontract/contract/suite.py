"""A suite: a named tuple of expectations, and a value."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.contract.expectation import Expectation
from pgcontract.contract.ignore import FINGERPRINT, Ignore
from pgcontract.contract.principals import Declared, Principal, declared
from pgcontract.names import canonical, quote, split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from pathlib import Path
    from typing import Self, Unpack

    from sqlalchemy import MetaData

    from pgcontract.contract.origin import Origin
    from pgcontract.integrations.sqlalchemy import Options

Expectations: TypeAlias = "Iterable[Expectation | Expectations]"
"""Expectations, or groups of them such as `table(…)` gives, nested as deep as you like."""


class Suite:
    """What a database should be: equal by value, hashable, never changed.

    Args:
        name: What reports call it.
        expectations: Expectations, or groups of them; an equal one counts once.
        schema: The schema of bare names.
        ignores: Which failures do not count for now; an equal one counts once.
        principals: Who acts in probes, so that expectations can name them; `supabase` stands for that platform's.
        rows_as: The role as which rows are read for data expectations; whoever is connected when None.

    Attributes:
        partial: Whether `select` left something out, so that an ignore which matches nothing may still be needed. It
            is no part of the value: equal suites may differ in it.
        origins: The contract files that it is from, which know where they say what; no part of the value either, and
            left behind when it is pickled.

    Raises:
        TypeError: Something is no expectation, no ignore, or no principal.
        ValueError: The schema is empty, there is no such preset, or two principals that differ have one name.
    """

    __slots__ = ("expectations", "ignores", "name", "origins", "partial", "principals", "rows_as", "schema")

    name: str
    schema: str
    expectations: tuple[Expectation, ...]
    ignores: tuple[Ignore, ...]
    principals: tuple[Principal, ...]
    rows_as: str | None
    partial: bool
    origins: tuple[Origin, ...]

    def __init__(  # noqa: PLR0913 - all but two are keywords with a default
        self,
        name: str,
        expectations: Expectations = (),
        *,
        schema: str = "public",
        ignores: Iterable[Ignore] = (),
        principals: Declared = (),
        rows_as: str | None = None,
    ) -> None:
        if not schema:
            raise ValueError("the schema of bare names is empty")
        if rows_as == "":
            raise ValueError("the role that reads rows has no name")
        placed = (expectation.placed(schema) for expectation in _flat(expectations))
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "schema", schema)
        object.__setattr__(self, "expectations", tuple(dict.fromkeys(placed)))
        object.__setattr__(self, "ignores", tuple(dict.fromkeys(map(_an_ignore, ignores))))
        object.__setattr__(self, "principals", declared(principals))
        object.__setattr__(self, "rows_as", rows_as)
        object.__setattr__(self, "partial", False)
        object.__setattr__(self, "origins", ())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Suite is a value; make another instead of setting {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Suite is a value; make another instead of deleting {name}")

    def __reduce__(self) -> tuple[object, ...]:
        return _suite, (*self._key(), self.partial)

    def __iter__(self) -> Iterator[Expectation]:
        return iter(self.expectations)

    def __len__(self) -> int:
        return len(self.expectations)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Suite) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"<Suite {self.name!r}: {len(self)} expectations>"

    def _key(self) -> tuple[str, str, tuple[Expectation, ...], tuple[Ignore, ...], tuple[Principal, ...], str | None]:
        return self.name, self.schema, self.expectations, self.ignores, self.principals, self.rows_as

    def __add__(self, other: Suite) -> Suite:
        """Both suites' expectations, ignores and principals, an equal one once; name and schema are the first one's.

        Raises:
            ValueError: They have different principals of one name, or have rows read as different roles.
        """
        roles = {role for role in (self.rows_as, other.rows_as) if role is not None}
        if len(roles) > 1:
            raise ValueError(f"rows are read as one role, not as {' and '.join(sorted(roles))}")
        ignores, partial = (*self.ignores, *other.ignores), self.partial or other.partial
        principals = (*self.principals, *other.principals)
        made = _suite(self.name, self.schema, (*self, *other), ignores, principals, next(iter(roles), None), partial)
        return made.from_files((*self.origins, *other.origins))

    def ignoring(
        self,
        what: str | None = None,
        *,
        kind: str | None = None,
        subject: str | None = None,
        because: str,
        until: date | str | None = None,
    ) -> Suite:
        """The suite with some failures ignored.

        Args:
            what: A finding's fingerprint, 16 hexadecimal digits; else a pattern of the subject, the same as `subject`.
            kind: A pattern of kinds: `Column*`.
            subject: A pattern of canonical names: `public.legacy_*`.
            because: Why.
            until: The last day, in UTC: a date, or a text such as `2026-12-31`. None for ever.

        Raises:
            ValueError: It says not what, or both a fingerprint and a pattern, or two subjects; no reason is given; the
                day is none.
        """
        by_fingerprint = what is not None and FINGERPRINT.fullmatch(what) is not None
        if what is not None and not by_fingerprint:
            if subject is not None:
                raise ValueError(f"two patterns of the subject are given: {what!r} and {subject!r}")
            subject = what
        given = {"fingerprint": what if by_fingerprint else None, "kind": kind, "subject": subject}
        ignore = Ignore.model_validate({**given, "because": because, "until": until})
        ignores = (*self.ignores, ignore)
        made = _suite(self.name, self.schema, self.expectations, ignores, self.principals, self.rows_as, self.partial)
        return made.from_files(self.origins)

    def select(
        self,
        *,
        tags: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        tables: Collection[str] | None = None,
        expectations: Collection[Expectation] | None = None,
    ) -> Suite:
        """The suite of what has any of the tags, is of any of the kinds, speaks of any of the tables, is one of some.

        Its ignores are all of this one's.

        Args:
            tags: One word or several.
            kinds: Class names, with `*` and `?` as wildcards: `Column*`.
            tables: Relations, with wildcards: `invoices`, `billing.*`; a bare name is in the suite's schema.
            expectations: Some of this suite's own.

        Raises:
            ValueError: A table without a wildcard is no name.
        """
        kept = list(self)
        if tags is not None:
            wanted = frozenset(_many(tags))
            kept = [expectation for expectation in kept if wanted.intersection(expectation.tags)]
        if kinds is not None:
            kept = [expectation for expectation in kept if _matches(expectation.kind, _many(kinds))]
        if tables is not None:
            patterns = [self._pattern(table) for table in _many(tables)]
            kept = [expectation for expectation in kept if _matches_relation(expectation.belongs_to, patterns)]
        if expectations is not None:
            some = frozenset(expectations)
            kept = [expectation for expectation in kept if expectation in some]
        partial = self.partial or len(kept) < len(self)
        made = _suite(self.name, self.schema, kept, self.ignores, self.principals, self.rows_as, partial)
        return made.from_files(self.origins)

    def from_files(self, origins: Iterable[Origin]) -> Self:
        """This one, which nobody else has yet, with the contract files that it is from."""
        object.__setattr__(self, "origins", tuple(origins))
        return self

    def _pattern(self, table: str) -> str:
        if not set("*?") & set(table):
            return canonical(table, self.schema)
        return table if "." in table else f"{quote(self.schema)}.{table}"

    @classmethod
    def load(cls, source: str | Path) -> Suite:
        """The suite in a contract file (`.yaml`, `.json`, `.py`), a folder that holds one, or `module:attribute`.

        Raises:
            ContractError: It does not parse or does not make sense; the message names file, line and column.
        """
        from pgcontract.contract.load import load  # noqa: PLC0415 - YAML is read when it is needed

        return load(source)

    @classmethod
    def from_metadata(cls, metadata: MetaData | Iterable[MetaData], **options: Unpack[Options]) -> Suite:
        """The suite of what SQLAlchemy's metadata says; the options are `integrations.sqlalchemy.from_metadata`'s.

        Raises:
            ContractError: Something of it cannot be stated; the message names it.
        """
        from pgcontract.integrations.sqlalchemy import from_metadata  # noqa: PLC0415 - it imports SQLAlchemy

        return from_metadata(metadata, **options)

    def to_yaml(self, *, short: bool = False) -> str:
        """The contract file; loading it gives an equal suite, or in the short form one of the same expectations."""
        from pgcontract.contract.dump import to_yaml  # noqa: PLC0415 - as in load

        return to_yaml(self, short=short)

    def to_json(self, *, short: bool = False) -> str:
        """The same as JSON."""
        from pgcontract.contract.dump import to_json  # noqa: PLC0415 - as in load

        return to_json(self, short=short)

    def to_python(self) -> str:
        """The contract as a Python module; loading it gives a suite of the same expectations.

        Raises:
            ValueError: It holds two expectations that have one name, or one whose name Python has taken.
        """
        from pgcontract.contract.dump import to_python  # noqa: PLC0415 - as in load

        return to_python(self)


def _suite(  # noqa: PLR0913, PLR0917 - all that a suite is
    name: str,
    schema: str,
    expectations: Iterable[Expectation],
    ignores: Iterable[Ignore],
    principals: Iterable[Principal],
    rows_as: str | None,
    partial: bool,  # noqa: FBT001 - pickle has no keywords
) -> Suite:
    """A suite of just these parts, as pickle makes it again, in another process perhaps."""
    suite = Suite(name, expectations, schema=schema, ignores=ignores, principals=principals, rows_as=rows_as)
    object.__setattr__(suite, "partial", partial)
    return suite


def _an_ignore(value: object) -> Ignore:
    if not isinstance(value, Ignore):
        raise TypeError(f"what a suite ignores is an Ignore each, not {value!r}")
    return value


def _flat(expectations: Expectation | Expectations) -> Iterator[Expectation]:
    if isinstance(expectations, Expectation):
        yield expectations
    elif isinstance(expectations, str) or not isinstance(expectations, Iterable):
        raise TypeError(f"a suite is made of expectations, not of {expectations!r}")
    else:
        for item in expectations:
            yield from _flat(item)


def _many(words: Collection[str]) -> Collection[str]:
    return (words,) if isinstance(words, str) else words


def _matches(name: str, patterns: Collection[str]) -> bool:
    """Whether a pattern fits, in which `*` and `?` are wildcards, and brackets are not."""
    return any(name == pattern or fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in patterns)


def _matches_relation(name: str | None, patterns: Collection[str]) -> bool:
    """Whether a pattern fits the relation as Postgres quotes it, or without the quotes."""
    return name is not None and (_matches(name, patterns) or _matches(".".join(split(name)), patterns))

"""A column of a relation in the short form: a line, as CREATE TABLE has it, or what is to be compared by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from pgcontract.contract.fields import Relation, Sql
from pgcontract.expectations.column_collations import ColumnCollation
from pgcontract.expectations.column_storage import ColumnStorage, Storages
from pgcontract.expectations.columns import ColumnDefault, ColumnExists, ColumnNotNull, ColumnNullable, ColumnType
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.folding import Common, beside, common, fields, lone
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.identity import ColumnIdentity, Identities
from pgcontract.expectations.object_form import Acl, acl_is, described
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.expectations.short import Short, bare, stating
from pgcontract.expectations.usual import usual
from pgcontract.expectations.values_form import ValuesForm, folded_values
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said

# A column as CREATE TABLE defines it: whoever says whether it accepts NULL says all of it.
_DEFINITION = re.compile(
    r"(?P<type>.+?)\s+(?P<nullable>null|not\s+null)(?:\s+default\s+(?P<default>.+))?", re.IGNORECASE | re.DOTALL
)
_WITH_DEFAULT = re.compile(r".\sdefault\s", re.IGNORECASE)


def definition(value: Any) -> Any:
    """A bare text is the type, or a whole definition."""
    if not isinstance(value, str):
        return value
    found = _DEFINITION.fullmatch(value.strip())
    if _WITH_DEFAULT.search(found["type"] if found else value):
        raise ValueError("is not `type`, `type null`, `type not null` or one of these two with `default …` after it")
    if found is None:
        return {"type": value}
    return {"type": found["type"], "nullable": found["nullable"].lower() == "null", "default": found["default"]}


@stating(ColumnGenerated, "table", "column")
class GeneratedForm(Short):
    """As ColumnGenerated has it, without the table and the column. A bare text is the expression."""

    expression: Sql | None


@stating(ColumnIdentity, "table", "column")
class IdentityForm(Short):
    """As ColumnIdentity has it, without the table and the column. A bare text is `always` or `by default`.

    Attributes:
        sequence: The sequence behind it, where more is said of that; `<table>_<column>_seq` unless another is named.
        acl: By role what it was granted on the sequence, as of a table.
        comment: The comment on the sequence; `null` for none.
    """

    generated: Identities | None
    sequence: Relation | None = None
    acl: Acl | None = None
    comment: str | None = None

    def behind(self, table: str, column: str) -> str:
        """The sequence's name, as far as it is said."""
        *schema, name = split(table)
        return self.sequence or ".".join(map(quote, [*schema, f"{name}_{column}_seq"]))

    def expand(self, table: str, column: str, others: dict[str, Any]) -> Iterator[Expectation]:
        """What the column is, and what is said of the sequence behind it; `others` is what is not said here."""
        yield ColumnIdentity(table, column, **{**others, **self.given("sequence", "acl", "comment")})
        sequence = self.behind(table, column)
        if self.acl is not None:
            yield acl_is("sequence", sequence, self.acl)
        if "comment" in self.model_fields_set:
            yield CommentIs("sequence", sequence, self.comment)


@stating(ColumnCollation, "table", "column")
class CollationForm(Short):
    """As ColumnCollation has it, without the table and the column. A bare text is the collation."""

    collation: str | None


@stating(ColumnStorage, "table", "column")
class StorageForm(Short):
    """As ColumnStorage has it, without the table and the column. A bare text is the storage."""


class DeclaredForm(Short):
    """What a column is declared as."""

    type: Sql | None = None
    nullable: bool | None = None
    default: Sql | None = None
    generated: Annotated[GeneratedForm, bare("expression", str | GeneratedForm | None)] | None = None
    identity: Annotated[IdentityForm, bare("generated", Identities | IdentityForm | None)] | None = None
    collation: Annotated[CollationForm | None, bare("collation", str | CollationForm | None)] | None = None
    storage: Annotated[StorageForm | None, bare("storage", Storages | StorageForm | None)] | None = None
    comment: str | None = None


class ColumnForm(ValuesForm, DeclaredForm):
    """`type`, `nullable`, `default`, `generated`, `identity`, `collation`, `storage`, `comment`; compared when given.

    And what is said of its values: `unique`, `values`, `between`, `matches` and the other keys of a `ValuesForm`.

    A bare text is the type, `numeric(12,2)`, or a whole definition as CREATE TABLE has it: `uuid not null default
    gen_random_uuid()`, `text null`. In a whole definition, no `default` means that there is none.
    """

    def expand(self, table: str, column: str, *, complete: bool = False) -> Iterator[Expectation]:
        """The column exists, and is what was given; with `complete`, an identity is as usual in all else."""
        return self.over(self._expand(table, column, complete=complete))

    def _expand(self, table: str, column: str, *, complete: bool) -> Iterator[Expectation]:
        yield ColumnExists(table, column)
        if self.type is not None:
            yield ColumnType(table, column, self.type)
        if self.nullable is not None:
            yield (ColumnNullable if self.nullable else ColumnNotNull)(table, column)
        if "default" in self.model_fields_set:
            yield ColumnDefault(table, column, self.default)
        if "generated" in self.model_fields_set:
            yield ColumnGenerated(table, column, **(self.generated or GeneratedForm(expression=None)).given())
        if "identity" in self.model_fields_set:
            form = self.identity or IdentityForm(generated=None)
            others = usual("identity", {}, self.type) if complete and form.generated is not None else {}
            yield from form.over(form.expand(table, column, others))
        if "collation" in self.model_fields_set:
            yield ColumnCollation(table, column, **(self.collation or CollationForm(collation=None)).given())
        if "storage" in self.model_fields_set:
            yield ColumnStorage(table, column, **(self.storage or StorageForm()).given())
        if "comment" in self.model_fields_set:
            yield CommentIs("column", column, self.comment, of=table)
        yield from self.expectations(table, column)


ColumnField = Annotated[ColumnForm, BeforeValidator(definition, json_schema_input_type=str | ColumnForm)]


def folded_column(column: ColumnExists, said: Said, outer: Common) -> Any:
    """The content of a column's form: what a suite says of it, as far as that has the same in common."""
    own = common(column)
    more = beside(own, outer)
    if more is None:
        return None
    place = {"table": column.table, "column": column.column}
    found: dict[str, Any] = {}
    for cls, key, content in _PARTS:
        for each in said.of(cls, **place):
            if common(each) == own:
                found.setdefault(key, content(each, said))
    for comment in said.of(CommentIs, noun="column", of=column.table, name=column.column):
        if common(comment) == own:
            found.setdefault("comment", comment.comment)
    found |= folded_values(column.table, column.column, said, own)
    return {**found, **more} if more else _line(found)


def _part(expectation: Expectation, said: Said, bare_: str) -> Any:
    """A part of a column; None where there is none of the kind."""
    content = fields(expectation, said, "table", "column")
    return None if content == {bare_: None} else lone(content, bare_)


def _identity(expectation: ColumnIdentity, said: Said) -> Any:
    """An identity, with what is said of the sequence behind it, if that has the usual name."""
    content = _part(expectation, said, "generated")
    sequence = IdentityForm(generated=None).behind(expectation.table, expectation.column)
    if content is None or said.of(SequencePresent, sequence=sequence):
        return content
    own = described(said, "sequence", sequence, common(expectation))
    more = {key: own[key] for key in ("acl", "comment") if key in own}
    return {**(content if isinstance(content, dict) else {"generated": content}), **more} if more else content


_PARTS: tuple[tuple[type[Expectation], str, Callable[[Any, Said], Any]], ...] = (
    (ColumnType, "type", lambda each, _: each.type),
    (ColumnNotNull, "nullable", lambda *_: False),
    (ColumnNullable, "nullable", lambda *_: True),
    (ColumnDefault, "default", lambda each, _: each.default),
    (ColumnGenerated, "generated", lambda each, said: _part(each, said, "expression")),
    (ColumnIdentity, "identity", _identity),
    (ColumnCollation, "collation", lambda each, said: _part(each, said, "collation")),
    (ColumnStorage, "storage", lambda each, said: _part(each, said, "storage") or None),
)


def _line(content: dict[str, Any]) -> Any:
    """A whole definition as a text, if it says just this."""
    if not {"type"} <= content.keys() <= {"type", "nullable", "default"} or len(content) == 2:  # noqa: PLR2004
        return content
    text = content["type"]
    if "nullable" in content:
        text += " null" if content["nullable"] else " not null"
        text += "" if content["default"] is None else f" default {content['default']}"
    try:
        same = {"default": None, **definition(text)} == {"default": None, **content}
    except ValueError:
        return content
    return text if same and text == text.strip() else content

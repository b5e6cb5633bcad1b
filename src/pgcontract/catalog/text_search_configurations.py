"""Text search configurations, as pg_ts_config and pg_ts_config_map have them; Postgres's own are not read."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from pgcontract.names import qualified
from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class TokenMapping:
    """The dictionaries that one kind of token goes through, in order.

    Attributes:
        token: What the parser calls the kind: `asciiword`; its number, where no function of Postgres's own names it.
        dictionaries: Their canonical qualified names.
    """

    token: str
    dictionaries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextSearchConfiguration:
    """How texts of one language are cut into tokens, and the tokens into lexemes.

    Attributes:
        name: Its canonical qualified name.
        parser: The canonical qualified name of the parser.
        mappings: In the parser's order of its kinds of tokens; those that are ignored are not there.
    """

    name: str
    owner: str
    parser: str
    mappings: tuple[TokenMapping, ...] = ()
    extension: str | None = None
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> TextSearchConfiguration:
    """The record that a row of `sql/text_search_configurations.sql` makes."""
    schema, name, owner, parser_schema, parser, mappings, extension, comment = row
    said: list[tuple[str, str, str]] = mappings or []
    return TextSearchConfiguration(
        name=qualified(schema, name),
        owner=owner,
        parser=qualified(parser_schema, parser),
        mappings=tuple(
            TokenMapping(token, tuple(qualified(*words[1:]) for words in members))
            for token, members in groupby(said, key=itemgetter(0))
        ),
        extension=extension,
        comment=comment,
    )

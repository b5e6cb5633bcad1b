"""Text search dictionaries, as pg_ts_dict has them; Postgres's own are not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

# As Postgres writes them (serialize_deflist in src/backend/commands/tsearchcmds.c): `language = 'english', "Odd" = 3`,
# where a text with a backslash is E'…', and in it both backslashes and quotes are written twice.
_OPTION = re.compile(
    r"""(?P<name>"(?:[^"]|"")+"|[^\s="]+)\s=\s(?:(?P<escaped>E?)'(?P<text>(?:[^'\\]|''|\\.)*)'|(?P<number>[^,']+))""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TextSearchDictionary:
    """A text search dictionary: a template, and the options that make a dictionary of it.

    Attributes:
        name: Its canonical qualified name.
        template: The canonical qualified name of the template.
        options: As `name=value`, in the order of their names.
    """

    name: str
    owner: str
    template: str
    options: tuple[str, ...] = ()
    extension: str | None = None
    comment: str | None = None


def options_of(text: str) -> Iterator[str]:
    r"""The options in `dictinitoption`, each as `name=value`.

    >>> list(options_of('''language = 'english', "Stop Words" = 'it''s', maxlen = 6'''))
    ['language=english', "Stop Words=it's", 'maxlen=6']
    """
    for found in _OPTION.finditer(text):
        name, value = found["name"], found["number"]
        if name.startswith('"'):
            name = name[1:-1].replace('""', '"')
        if value is None:
            value = found["text"].replace("''", "'")
            value = value.replace("\\\\", "\\") if found["escaped"] else value
        yield f"{name}={value.strip() if found['number'] else value}"


def from_row(row: tuple[Any, ...]) -> TextSearchDictionary:
    """The record that a row of `sql/text_search_dictionaries.sql` makes."""
    schema, name, owner, template_schema, template, options, extension, comment = row
    return TextSearchDictionary(
        name=qualified(schema, name),
        owner=owner,
        template=qualified(template_schema, template),
        options=tuple(sorted(options_of(options or ""))),
        extension=extension,
        comment=comment,
    )

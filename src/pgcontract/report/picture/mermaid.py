"""The tables as a Mermaid entity diagram, as GitHub, GitLab and many wikis draw it.

Mermaid takes few characters where names stand, so a name goes into quotes, with what these do not hold as Mermaid's own
escapes (`#quot;`), and a column whose name is no plain word stands under one that is, with its real name as a comment.
Source: https://mermaid.js.org/syntax/entityRelationshipDiagram.html and the grammar, erDiagram.jison.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.names import quote, split
from pgcontract.report.picture.document import own, tables
from pgcontract.report.picture.drawings import MOST, drawings
from pgcontract.report.picture.links import links
from pgcontract.report.picture.types import short
from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.report.picture.parts import Drawing, Link

_TEXT, _EDGES = 50_000, 500
"""What Mermaid draws unless its `maxTextSize` and `maxEdges` are set higher."""
_ESCAPED = re.compile(r"""["%\\#&<>`*~:;|{}\[\]$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])""")
_NO_WORD = re.compile(r"[^A-Za-z0-9_]+")
_NO_TYPE = re.compile(r"[^A-Za-z0-9_()\[\]]+")
_COMMA = re.compile(r",[^()]*\)")
# What its lexer takes for a key, whatever the case.
_KEYS = frozenset({"pk", "fk", "uk"})


def to_mermaid(catalog: Catalog, holds: Callable[[Any], bool] = own) -> str:
    """The tables as one diagram; of many, the columns of keys alone, and no columns where there is no room for these.

    Args:
        catalog: The database.
        holds: Whether the object of a record is to be shown, such as `partial(scope.holds, catalog)`.
    """
    shown = tables(catalog, holds)
    drawn = list(links(catalog, shown))
    ways = [_diagram(catalog, shown, (), drawn, columns) for columns in _detail(len(shown))]
    text = next((way for way in ways if len(way) <= _TEXT), ways[-1])
    if len(text) <= _TEXT and len(drawn) <= _EDGES:
        return text
    return (
        f"%% {len(shown):,} tables with {len(drawn):,} foreign keys are more than Mermaid draws by itself ({_TEXT:,} "
        f"characters,\n%% {_EDGES} lines). Choose a schema or some tables, or ask for Markdown or HTML, which cut it.\n"
        + text
    )


def diagrams(catalog: Catalog, shown: Collection[str]) -> Iterator[tuple[Drawing, str | None]]:
    """The tables in drawings of a size that can be read, each as a diagram; None where it would be a tangle."""
    for drawing in drawings(catalog, shown):
        ways = (
            _diagram(catalog, drawing.tables, drawing.outside, drawing.links, way) for way in ("all", "keys", "none")
        )
        text = None if drawing.crowded else next((way for way in ways if len(way) <= _TEXT), None)
        yield drawing, text


def _detail(number: int) -> Sequence[str]:
    return ("all", "keys", "none") if number <= MOST else ("keys", "none")


def _diagram(
    catalog: Catalog, shown: Iterable[str], outside: Iterable[str], drawn: Iterable[Link], columns: str
) -> str:
    lines = ["erDiagram"]
    for name in shown:
        lines += _entity(catalog.relations[name], columns)
    lines += [f'    "{_escaped(name)}"' for name in outside]
    lines += [_relationship(link) for link in drawn]
    return "\n".join(lines) + "\n"


def _entity(relation: Relation, columns: str) -> Iterator[str]:
    name = f'    "{_escaped(relation.name)}"'
    keys = _keys(relation)
    rows = [
        column
        for column in relation.columns.values()
        if columns == "all" or (columns == "keys" and column.name in keys)
    ]
    if not rows:
        yield name
        return
    taken: set[str] = set()
    yield name + " {"
    for column in rows:
        yield f"        {_attribute(column, keys.get(column.name, ()), taken)}"
    yield "    }"


def _keys(relation: Relation) -> dict[str, tuple[str, ...]]:
    """The columns of keys, and of which."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, word in (("PRIMARY KEY", "PK"), ("FOREIGN KEY", "FK"), ("UNIQUE", "UK")):
        for constraint in relation.constraints.values():
            if constraint.kind == kind:
                for column in constraint.columns:
                    found[column] = tuple(dict.fromkeys((*found.get(column, ()), word)))
    return found


def _attribute(column: Column, keys: Sequence[str], taken: set[str]) -> str:
    kind, name = _type(column.type), _word(column.name, taken)
    notes = [quote(column.name)] if name != column.name else []
    if kind != _bare(column.type):
        notes.append(short(column.type))
    note = f' "{_escaped(" ".join(notes))}"' if notes else ""
    return f"{kind} {name}{' ' if keys else ''}{', '.join(keys)}{note}"


def _bare(kind: str) -> str:
    """A type in short, without its schema."""
    try:
        return split(kind)[-1] if "." in kind else short(kind)
    except ValueError:
        return short(kind)


def _type(kind: str) -> str:
    """A type in short as a word that Mermaid takes; round and square brackets may be in it, but no comma."""
    word = _NO_TYPE.sub("_", _COMMA.sub(")", _bare(kind))).strip("_") or "type"
    return f"t_{word}" if not word[0].isalpha() or re.split(r"\W", word)[0].lower() in _KEYS else word


def _word(text: str, taken: set[str]) -> str:
    """The text as a word that Mermaid takes, and that no other column has."""
    word = _NO_WORD.sub("_", text).strip("_") or "column" if _NO_WORD.search(text) else text
    word = f"c_{word}" if word[:1].isdigit() else word
    word = f"{word}_" if word.lower() in _KEYS else word
    own_word, number = word, 2
    while own_word in taken:
        own_word, number = f"{word}_{number}", number + 1
    taken.add(own_word)
    return own_word


def _relationship(link: Link) -> str:
    parent = "||" if link.required else "|o"
    child = "o|" if link.single else "o{"
    columns = _escaped(", ".join(map(quote, link.columns)))
    return f'    "{_escaped(link.parent)}" {parent}--{child} "{_escaped(link.child)}" : "{columns}"'


def _escaped(text: str) -> str:
    """The text for Mermaid's quotes: what acts in them, in Markdown or in HTML, as the number of its character."""
    shown = _ESCAPED.sub(lambda found: f"#{ord(found.group())};", line(text))
    # Its lexer looks for these two words anywhere in a line.
    return re.sub(r"(?i)(direction)(\s)", r"\1#32;", shown) or " "

"""The picture as Markdown, for a wiki or a README: GitHub's dialect, with the diagrams for Mermaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.report.picture.document import anchors, arrange, own, tables
from pgcontract.report.picture.escapes import block, code, text
from pgcontract.report.picture.grants import shown
from pgcontract.report.picture.mermaid import diagrams
from pgcontract.report.text import counted
from pgcontract.report.words.pieces import opened
from pgcontract.report.words.policies import READING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.report.picture.parts import Card, ColumnRow, FunctionRow, Part, Picture, PolicyRow, Told
    from pgcontract.report.words.pieces import Words


def to_markdown(
    catalog: Catalog,
    holds: Callable[[Any], bool] = own,
    *,
    hanging: Callable[[Relation, Any], bool] | None = None,
    name: str | None = None,
) -> str:
    """The database as Markdown, ending with a newline.

    Args:
        catalog: The database.
        holds: Whether the object of a record is to be shown, such as `partial(scope.holds, catalog)`.
        hanging: Whether a policy or trigger is to be shown that hangs on a relation that is not, such as
            `partial(scope.part_holds, catalog)`.
        name: What to call it; the database's own name unless told otherwise.

    Raises:
        UnreadableError: The role may not read all of it.
    """
    picture = arrange(catalog, holds, hanging)
    places = dict(anchors(picture))
    blocks = [
        f"# {text(name or catalog.server.name)}",
        _facts(picture),
        *_contents(picture),
        *_drawn(catalog, holds),
        *([_words(READING)] if any(card.policies for card in picture.cards) else []),
        *(one for part in picture.parts for one in _part(part, places)),
        *_rest(picture),
    ]
    return "\n\n".join(blocks) + "\n"


def _facts(picture: Picture) -> str:
    """One line of what there is."""
    inside = [card.relation for card in picture.tables]
    facts = [f"PostgreSQL {text(picture.server.version)}", counted(len(inside), "table")]
    if picture.views:
        facts.append(counted(len(picture.views), "view"))
    facts.append(counted(sum(len(part.functions) for part in picture.parts), "function"))
    facts.append(f"row-level security on {sum(one.rls_enabled for one in inside):,} of {counted(len(inside), 'table')}")
    return ", ".join(facts) + "."


def _contents(picture: Picture) -> Iterator[str]:
    lines = [
        [_link(card.name, card.anchor), card.relation.kind, _security(card), text(card.relation.comment or "")]
        for card in picture.cards
    ]
    if lines:
        yield "## Contents"
        yield _table(["Name", "Kind", "Row-level security", "What it is"], lines)


def _security(card: Card) -> str:
    """Whether row-level security is on, in a word."""
    if not card.relation.is_table or not (card.whole or card.policies):
        return ""
    if not card.relation.rls_enabled:
        return "off"
    return f"on, {len(card.policies)} polic{'y' if len(card.policies) == 1 else 'ies'}"


def _drawn(catalog: Catalog, holds: Callable[[Any], bool]) -> Iterator[str]:
    found = list(diagrams(catalog, tables(catalog, holds)))
    if found:
        yield "## How the tables hang together"
    for drawing, diagram in found:
        if len(found) > 1:
            yield f"### {_words(drawing.title)}"
        if diagram is None:
            number, keys = counted(len(drawing.tables), "table"), counted(len(drawing.links), "foreign key")
            yield f"{number} with {keys}: a diagram would be a tangle. Each table below says what it refers to."
        else:
            yield block(diagram.rstrip("\n"), "mermaid")


def _part(part: Part, places: Mapping[str, str]) -> Iterator[str]:
    yield f"## Schema {code(part.name)}"
    if part.comment:
        yield text(part.comment)
    for card in part.cards:
        yield from _card(card, places)
    if part.types:
        yield "### Types"
        yield "\n".join(
            f"- {code(one.name)}, {one.kind} "
            + " · ".join([*map(code, one.labels), *([code(one.says)] if one.says else [])])
            + _comment(one.comment)
            for one in part.types
        )
    if part.functions:
        yield "### Functions"
        yield _functions(part.functions)
    if part.sequences:
        yield "### Sequences of their own"
        yield _told(part.sequences)


def _card(card: Card, places: Mapping[str, str]) -> Iterator[str]:
    # The anchor is ours: what a wiki makes of a heading with a strange name is its own affair.
    yield f'<a id="{card.anchor}"></a>\n\n### {code(card.name)}'
    if card.relation.comment:
        yield text(card.relation.comment)
    yield f"{card.relation.kind.capitalize()}, owned by {code(card.relation.owner)}."
    yield from map(_words, card.notes)
    if card.columns:
        yield _columns(card.columns, places)
    if card.referring:
        said = (f"{_ref(link.child, places)} ({code(', '.join(link.columns))})" for link in card.referring)
        yield f"Referred to by {', '.join(said)}."
    if card.partitions:
        yield "**Partitions**"
        yield "\n".join(f"- {code(one.name)} {code(one.bound)}" for one in card.partitions)
    if card.rules:
        yield "**Keys and checks**"
        yield "\n".join(f"- {code(one.name)}: {code(one.sql)}{_comment(one.comment)}" for one in card.rules)
    if card.indexes:
        yield "**Indexes**"
        yield _told(card.indexes)
    yield from _access(card)
    if card.triggers:
        yield "**Triggers**"
        yield _told(card.triggers)
    if card.definition:
        yield "**What it selects**"
        yield block(card.definition)


def _columns(rows: Sequence[ColumnRow], places: Mapping[str, str]) -> str:
    said = any(row.comment for row in rows)
    head = ["Column", "Type", "Null", "Default", "Key", *(["Comment"] if said else [])]
    lines = [
        [
            code(row.name),
            code(row.type),
            "null" if row.nullable else "",
            code(row.default) if row.default else "",
            _key(row, places),
            *([text(row.comment or "")] if said else []),
        ]
        for row in rows
    ]
    return _table(head, lines)


def _key(row: ColumnRow, places: Mapping[str, str]) -> str:
    parents = dict.fromkeys(link.parent for link in row.links)
    return " ".join([", ".join(row.keys), *(f"→ {_ref(parent, places)}" for parent in parents)]).strip()


def _access(card: Card) -> Iterator[str]:
    """Who reaches the rows: row-level security, its policies, the grants."""
    if card.security:
        yield _words(card.security)
    if card.policies:
        yield _table(["Policy", "In words", "SQL"], [_policy(policy) for policy in card.policies])
    if card.access:
        yield "**Grants**"
        privileges = shown(card.access)
        lines = [[code(row.role), *(_held(row.held.get(privilege)) for privilege in privileges)] for row in card.access]
        yield _table(["Granted to", *(privilege.lower() for privilege in privileges)], lines)


def _policy(policy: PolicyRow) -> list[str]:
    words = f"{_words(opened(policy.words))}."
    if policy.ungranted:
        words += f" But nothing was granted for it to {', '.join(map(code, policy.ungranted))}."
    kind = "" if policy.permissive else ", restrictive"
    return [
        f"{code(policy.name)} {policy.command}{kind}",
        words + _comment(policy.comment),
        "<br>".join(f"{clause} {code(sql)}" for clause, sql in policy.clauses),
    ]


def _held(cell: str | None) -> str:
    """What a cell of the grants says: yes, yes and on, or the columns."""
    if cell is None:
        return ""
    return {"yes": "yes", "*": "yes, and on"}.get(cell) or code(cell)


def _functions(rows: Iterable[FunctionRow]) -> str:
    lines = [
        [
            code(f"{one.name}({one.arguments})") + _comment(one.comment),
            code(one.returns) if one.returns else "",
            one.manner,
            (f"its owner, {code(one.owner)}" if one.definer else "its caller")
            + "".join(f"<br>{code(setting)}" for setting in one.settings),
            "everybody" if one.callers == ("PUBLIC",) else ", ".join(map(code, one.callers)) or "its owner alone",
        ]
        for one in rows
    ]
    return _table(["Function", "Returns", "Manner", "Runs as", "Who may call it"], lines)


def _rest(picture: Picture) -> Iterator[str]:
    if picture.extensions:
        yield "## Extensions"
        yield _told(picture.extensions)
    if picture.others:
        yield "## What else there is"
        yield "\n".join(f"- {noun}: {', '.join(map(code, names))}" for noun, names in picture.others.items())


def _told(rows: Iterable[Told]) -> str:
    return "\n".join(f"- {code(one.name)}: {_words(one.words)}{_comment(one.comment)}" for one in rows)


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    every = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in every)


def _words(said: Words) -> str:
    return "".join(code(piece.text) if piece.code else piece.text for piece in said)


def _comment(said: str | None) -> str:
    return f"<br>{text(said)}" if said else ""


def _ref(name: str, places: Mapping[str, str]) -> str:
    return _link(name, places[name]) if name in places else code(name)


def _link(name: str, anchor: str) -> str:
    return f"[{code(name)}](#{anchor})"

"""What two servers are asked about each other's texts: how would you store this?

Before version 14, `extract` is stored as `date_part`, and what is compared with it as double precision instead of
numeric. Neither server then makes what it holds of the other's text. Both are asked about a third one, as its author
may have written it: where each makes of it what it holds, both say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.catalog.forms import (
    CheckForm,
    DefaultForm,
    Form,
    IndexKeyForm,
    PolicyForm,
    PredicateForm,
    WhenForm,
)
from pgcontract.catalog.generated_forms import GeneratedForm
from pgcontract.catalog.type_forms import DomainCheckForm, DomainDefaultForm
from pgcontract.catalog.view_forms import ViewForm
from pgcontract.lifecycle.diff.nouns import Item, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog

_EXTRACT_SINCE = 140000


@dataclass(frozen=True, slots=True)
class Question:
    """How would this server store the other one's text?

    Attributes:
        form: The other's text, and where it belongs.
        held: What this one holds there.
    """

    form: Form
    held: str


def questions(this: Item, other: Item, field: str) -> Iterator[Question]:
    """What one server is to be asked about a field of an object; nothing where nobody can be."""
    make = _FORMS.get((type(this.record).__name__, field))
    held, text = getattr(this.record, field), getattr(other.record, field)
    if make is None or not held or not text:
        return
    if isinstance(held, str):
        yield Question(make(text, this), held)
    elif len(held) == len(text):
        pairs = zip(held, text, strict=True)
        yield from (Question(make(theirs, this), ours) for ours, theirs in pairs if ours != theirs)


def of_one_source(
    old: Item, new: Item, field: str, left: Catalog, right: Catalog
) -> Iterator[tuple[Question, Question]]:
    """What both servers are to be asked alike; nothing where both store `extract` in the same way, or hold none."""
    make = _FORMS.get((type(old.record).__name__, field))
    versions = [catalog.server.version_number for catalog in (left, right)]
    if make is None or not min(versions) < _EXTRACT_SINCE <= max(versions):
        return
    both = [getattr(item.record, field) or () for item in (old, new)]
    texts = [(each,) if isinstance(each, str) else each for each in both]
    older = texts[versions.index(min(versions))]
    if len(texts[0]) != len(texts[1]) or not any("date_part(" in text for text in older):
        return
    for ours, theirs, source in zip(*texts, map(_source, older), strict=True):
        yield Question(make(source, old), ours), Question(make(source, new), theirs)


_PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bdate_part\('(\w+)'::text, "), r"EXTRACT(\1 FROM "),
    (re.compile(r"\((-?\d+(?:\.\d+)?)\)::double precision"), r"\1"),
    (re.compile(r" = ANY \(ARRAY\[([^\[\]]*)\]\)"), r" IN (\1)"),
    (re.compile(r" <> ALL \(ARRAY\[([^\[\]]*)\]\)"), r" NOT IN (\1)"),
)


def _source(text: str) -> str:
    """What the author may have written. If not, the servers' answers are others than what they hold, and it shows.

    >>> _source("(date_part('dow'::text, a) = ANY (ARRAY[(0)::double precision, (6)::double precision]))")
    '(EXTRACT(dow FROM a) IN (0, 6))'
    """
    for pattern, written in _PARTS:
        text = pattern.sub(written, text)
    return text


_FORMS: dict[tuple[str, str], Callable[[str, Item], Form]] = {
    ("View", "definition"): lambda text, item: ViewForm(text, item.name),
    ("Column", "default"): lambda text, item: DefaultForm(text, item.home, item.record.name),
    ("Column", "expression"): lambda text, item: GeneratedForm(text, item.home, item.record.name),
    ("Type", "default"): lambda text, item: DomainDefaultForm(text, item.name, item.record.base),
    ("DomainCheck", "expression"): lambda text, item: DomainCheckForm(text, item.home, item.within.base),
    ("Constraint", "expression"): lambda text, item: CheckForm(text, item.home),
    ("Policy", "using"): lambda text, item: PolicyForm(text, item.home),
    ("Policy", "with_check"): lambda text, item: PolicyForm(text, item.home),
    ("Index", "columns"): lambda text, item: IndexKeyForm(text, item.home, item.record.method),
    ("Index", "predicate"): lambda text, item: PredicateForm(text, item.home),
    ("Trigger", "when"): lambda text, item: WhenForm(text, item.home, item.record.events),
}


def questions_of(left: Catalog, right: Catalog) -> tuple[list[Form], list[Form]]:
    """What the left's and the right's server are to be asked; nothing where both are the same version.

    Minor versions count: what views and rules are deparsed to has changed between them.
    """
    if left.server.version_number == right.server.version_number:
        return [], []
    ours, theirs = [], []
    for old, new in _pairs(left, right):
        for field in _FIELDS.get(type(old.record).__name__, ()):
            if getattr(old.record, field) != getattr(new.record, field):
                ours += [each.form for each in questions(old, new, field)]
                theirs += [each.form for each in questions(new, old, field)]
                for one, other in of_one_source(old, new, field, left, right):
                    ours.append(one.form)
                    theirs.append(other.form)
    return ours, theirs


_FIELDS: dict[str, list[str]] = {}
for _record, _field in _FORMS:
    _FIELDS.setdefault(_record, []).append(_field)


def _pairs(left: Catalog, right: Catalog) -> Iterator[tuple[Item, Item]]:
    """What both catalogs have of what may hold such texts."""
    for name, before in left.relations.items():
        after = right.relations.get(name)
        if after is None or before == after:
            continue
        old, new = (Item(relation.kind, name, relation, name) for relation in (before, after))
        for field in ("columns", "constraints", "indexes", "policies", "triggers"):
            theirs = parts_of(new, field)
            yield from ((part, theirs[own]) for own, part in parts_of(old, field).items() if own in theirs)
    for name, kind in left.types.items():
        if name in right.types and kind != right.types[name]:
            old, new = (Item(each.kind, name, each, name) for each in (kind, right.types[name]))
            theirs = parts_of(new, "checks")
            yield old, new
            yield from ((part, theirs[own]) for own, part in parts_of(old, "checks").items() if own in theirs)
    for name, view in left.views.items():
        if name in right.views:
            yield Item("view", name, view, name), Item("view", name, right.views[name], name)

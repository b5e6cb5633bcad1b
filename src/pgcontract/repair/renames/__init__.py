"""What is missing and what is too much, where both are one thing under two names: it is renamed, and keeps what it has.

Only where the contract closes a world is anything too much. A pair is taken where all that makes the one what it is, as
the contract says it, is true of the other, and no third thing fits either. Where rows are, more is asked: a name that
Postgres gave after the old one and that stayed. Without it the pair is a guess, and only taken where that is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgcontract.catalog.forms import FormError
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.renaming import goes_along
from pgcontract.catalog.uses import words as words_of
from pgcontract.names import qualified, quote, signature, split
from pgcontract.repair.draft import Draft
from pgcontract.repair.renames import values
from pgcontract.repair.renames.alike import defining, lightly, mostly, true_of
from pgcontract.repair.renames.evidence import proof
from pgcontract.repair.renames.pairs import Pair, behind_columns, pairs
from pgcontract.repair.renames.statements import PARTS, able, after, statement
from pgcontract.run.requirements import forms
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Answer, Form
    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.looking import Found
    from pgcontract.repair.said import Said
    from pgcontract.verdict import Finding, Hazard

RENAMES: Hazard = "renames"
"""The hazard that allows guesses."""

_ROUNDS = 4  # a column of a table that has another name, in its turn
_VALUES = frozenset({"label", "attribute"})


@dataclass
class Renames:
    """What came of looking for pairs.

    Attributes:
        catalog: What will be there once the statements have run.
        drafts: The statements, in their order.
        names: The names that things get, without schema.
        notes: What is only likely, and so not taken, by the messages of the findings, and by what is missing.
        found: What of the contract does not hold on that catalog.
        written: The texts that are taken as they are written, for the server does not know the new names yet.
    """

    catalog: Catalog
    drafts: list[Draft] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    found: Found = field(default_factory=list)
    written: set[Form] = field(default_factory=set)

    def note(self, finding: Finding) -> str:
        """What is likely about what was found; of what is missing it is said once."""
        return self.notes.get(finding.message) or self.notes.pop(finding.object or "", "")


def recognised(
    catalog: Catalog,
    said: Said,
    look: Callable[[Catalog], Found],
    ask: Callable[[Catalog, Collection[Form]], Mapping[Form, Answer]] | None,
    *,
    guess: bool,
) -> Renames:
    """What is there under another name.

    Args:
        catalog: What is.
        said: What the contract says.
        look: What of the contract does not hold on a catalog.
        ask: Asks the server for its own form of texts.
        guess: Whether what is only likely is taken, too.
    """
    made, searching = Renames(catalog), _Search(said, ask)
    made.found = look(made.catalog)
    for _ in range(_ROUNDS):
        chosen = [*searching.alike(made.found, made.catalog), *values.other_names(made.found, made.catalog)]
        taken = [pair for pair in chosen if _taken(made, said, pair, guess=guess)]
        if not taken:
            break
        made.catalog = searching.answered(made.catalog, said.every)
        made.catalog = _taken_as_written(made)
        made.found = look(made.catalog)
    return made


def _taken(made: Renames, said: Said, pair: Pair, *, guess: bool) -> bool:
    """Whether a pair was entered; it is not where what refers to it may not be read."""
    try:
        return _take(made, said, pair, guess=guess)
    except UnreadableError:
        return False


def _take(made: Renames, said: Said, pair: Pair, *, guess: bool) -> bool:
    """Enter a pair, or a note on it; whether it was taken."""
    shown = f"{pair.of}.{pair.old}" if pair.of else pair.old
    sure = pair.noun not in _VALUES and (pair.exact or pair.noun != "column")
    why = proof(made.catalog, said, pair) if sure else None
    if why is None and not guess:
        what = f"the {pair.noun} {pair.old}" if pair.of else pair.old
        note = f"perhaps {what} is {pair.new} under another name: --allow {RENAMES} renames it, and keeps what it holds"
        made.notes |= dict.fromkeys((*pair.mends, *pair.objects), note)
        return False
    note = f"{shown} is {pair.new} under another name: {why or 'it is alike, and nothing else is missing or too much'}"
    sql = values.statement(pair) if pair.noun in _VALUES else statement(pair)
    repair = Repair(sql, "none" if why else RENAMES)
    made.catalog = values.after(made.catalog, pair) if pair.noun in _VALUES else after(made.catalog, pair)
    made.drafts.append(Draft((repair,), mends=pair.mends, note=note))
    made.names.add(_own(pair))
    return True


def _taken_as_written(made: Renames) -> Catalog:
    """The catalog with the texts that speak of a new name, and that the server so cannot understand, as they are."""
    unknown = [form for form, answer in made.catalog.forms.items() if isinstance(answer, FormError)]
    made.written |= {form for form in unknown if not words_of(form.text).isdisjoint(made.names)}
    return replace(made.catalog, forms={**made.catalog.forms, **{form: form.text for form in made.written}})


def _own(pair: Pair) -> str:
    return pair.new if pair.of is not None else split(signature(pair.new)[0])[-1]


class _Search:
    def __init__(self, said: Said, ask: Callable[[Catalog, Collection[Form]], Mapping[Form, Answer]] | None) -> None:
        self._said = said
        self._ask = ask
        # What a closed world has not, but the contract speaks of by itself, is no other thing's name.
        self._stated = {name for each in said.every for name in (each.belongs_to, each.subject) if name}

    def alike(self, found: Found, catalog: Catalog) -> Iterator[Pair]:
        """The pairs of which both fit each other, and nothing else."""
        behind = ([pair] for pair in behind_columns(found, catalog, self._said) if pair.new not in catalog.sequences)
        for group in (*pairs(found), *behind):
            fitting = [fit for pair in group if (fit := self._tried(catalog, pair))]
            for pair in fitting:
                rivals = [each for each in fitting if pair.old == each.old or pair.new == each.new]
                if rivals == [pair]:
                    yield pair

    def _tried(self, catalog: Catalog, pair: Pair) -> Pair | None:
        """The same; of what may not be read nothing is known."""
        try:
            return self._fitting(catalog, pair)
        except UnreadableError:
            return None

    def _fitting(self, catalog: Catalog, pair: Pair) -> Pair | None:
        """The pair, if the two may be one."""
        if not able(pair.noun) or not _free(catalog, pair) or _is_parents(catalog, pair):
            return None
        if (f"{pair.of}.{quote(pair.old)}" if pair.of else pair.old) in self._stated:
            return None
        expectations = defining(self._said, pair)
        if not expectations:
            return None
        changed = self.answered(lightly(catalog, pair), expectations)
        if true_of(changed, expectations, pair):
            return pair
        # Of which more has changed is known by a name, if most of it is as it was; of a column that is but a guess.
        told = pair.noun in {"table", "column"} and proof(catalog, self._said, pair) is not None
        return replace(pair, exact=False) if told and mostly(changed, expectations, pair) else None

    def answered(self, catalog: Catalog, expectations: Iterable[Expectation]) -> Catalog:
        """The catalog with the server's own form of what could not be asked as long as the name was another one."""
        written = forms(expectations)
        open_ = {form for form in written if isinstance(catalog.forms.get(form), FormError | None)}
        unsettled = [form for form in open_ if not catalog.settles(form)]
        answers = {} if self._ask is None or not unsettled else self._ask(catalog, unsettled)
        known = {form: answer for form, answer in catalog.forms.items() if form not in open_}
        return replace(catalog, forms={**known, **answers})


def _free(catalog: Catalog, pair: Pair) -> bool:
    """Whether the new name is nobody's yet, and the old one that of one thing alone."""
    if pair.of is not None and pair.noun not in {"index", "constraint"}:
        return True
    if pair.noun in {"function", "procedure", "aggregate", "routine"}:  # calls do not say which of them
        return len(catalog.overloads[signature(pair.old)[0]]) == 1
    schema = split(pair.of or pair.new)[0] if pair.of or "." in pair.new else None
    if schema is None:
        return True
    name = qualified(schema, pair.new) if pair.of else pair.new
    if pair.noun == "constraint" and catalog.relations[pair.of or ""].constraints[pair.old].index != pair.old:
        return True
    taken = any(split(name)[1] in relation.indexes for relation in catalog.in_schema(schema))
    return not taken and not any(name in each for each in (catalog.relations, catalog.sequences, catalog.types))


def _is_parents(catalog: Catalog, pair: Pair) -> bool:
    """Whether it has its name from a parent, with which it is renamed."""
    if pair.of is None or pair.noun not in PARTS:
        return False
    return goes_along(catalog, pair.of, PARTS[pair.noun], pair.old)

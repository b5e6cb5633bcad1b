"""The pages of a site, each a file that stands alone but for its links to the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pgcontract.lifecycle.history import words as told
from pgcontract.lifecycle.history.told import identity
from pgcontract.lifecycle.site import words
from pgcontract.lifecycle.site.months import changes
from pgcontract.lifecycle.site.promises import promised
from pgcontract.report.charts.history import history
from pgcontract.report.charts.map import table_map
from pgcontract.report.charts.relations import relations
from pgcontract.report.document import LEVELS, arrange
from pgcontract.report.html import page
from pgcontract.report.since import moment
from pgcontract.verdict import MOST_PAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.lifecycle.history.story import Episode
    from pgcontract.lifecycle.site.model import Contract, State
    from pgcontract.lifecycle.site.months import Month
    from pgcontract.report.charts.history import History

STATES: tuple[State, ...] = ("broken", "unsure", "empty", "holds", "unrun")
"""The worst first."""

NEWS = 5
"""How many failures of each contract the first page shows."""

LATEST = 20
"""How many runs, failures that are over, and checks that flap a contract's page shows."""

LONGEST = 5
"""How many of the failures that lasted longest a contract's page shows."""


def index(contracts: Sequence[Contract]) -> str:
    """The first page: every contract with its state, and what is broken now."""
    ordered = sorted(
        contracts, key=lambda one: (STATES.index(one.state), one.key.suite, one.key.database, one.key.host)
    )
    states = Counter(contract.state for contract in contracts)
    levels = sum((Counter(one.runs[-1].levels) for one in contracts if one.runs), Counter())
    return _page(
        "site_index.html.j2",
        root="",
        contracts=ordered,
        states={state: states[state] for state in STATES},
        worst=next((state for state in STATES if states[state]), "empty"),
        broken=_broken,
        NEWS=NEWS,
        levels={level: levels[level] for level in LEVELS},
    )


def contract(one: Contract, months: Sequence[Month]) -> str:
    """The page of a contract: how it stands, since when, and what its runs tell together."""
    story = one.story
    lasting = [each for each in story.over if each.took] if story else []
    return _page(
        "site_contract.html.j2",
        root="../../",
        contract=one,
        months=months,
        levels={level: one.runs[-1].levels.get(level, 0) for level in LEVELS} if one.runs else {},
        latest=one.runs[: -LATEST - 1 : -1],
        changes=changes(story) if story else None,
        failing=sorted(story.failing, key=lambda each: each.since) if story else [],
        over=story.over[:LATEST] if story else [],
        LATEST=LATEST,
        longest=sorted(lasting, key=lambda each: each.took or timedelta(), reverse=True)[:LONGEST],
        anchors=_anchors(one),
        since=lambda episode: told.since(episode, story) if story else "",
    )


def month(one: Contract, months: Sequence[Month], number: int) -> str:
    """A page of the runs of a month; the newest month is the first."""
    return _page(
        "site_month.html.j2",
        root="../../",
        contract=one,
        month=months[number],
        newer=months[number - 1] if number else None,
        older=months[number + 1] if number + 1 < len(months) else None,
        changes=changes(one.story) if one.story else None,
    )


def promises(one: Contract, months: Sequence[Month]) -> str:
    """What the contract promises, for people."""
    document = arrange(one.report)
    made = promised(document)
    return _page(
        "site_promises.html.j2",
        root="../../",
        contract=one,
        months=months,
        document=document,
        promises=made,
        map=table_map(relations(document)) if one.runs else None,
        places={sheet.name: sheet.anchor for sheet in made.sheets},
    )


def _page(template: str, **shown: object) -> str:
    return page(
        template,
        styles=("charts.css", "site.css"),
        scripts=("colours.js", "search.js", "site.js"),
        history=_history,
        words=words,
        told=told,
        moment=moment,
        **shown,
    )


def _history(one: Contract) -> History | None:
    """The last runs of a contract, to be drawn."""
    past = tuple(run.past for run in one.runs[-MOST_PAST - 1 : -1])
    return history(replace(one.report, past=past)) if one.runs else None


def _broken(one: Contract) -> list[Episode]:
    """What keeps a contract from holding now, the newest first."""
    failing = one.story.failing if one.story else ()
    return [each for each in failing if each.found.severity == "error" or each.found.errored]


def _anchors(one: Contract) -> dict[str, str]:
    """Where the page of the last run shows what fails, by the identity of its outcome."""
    if not one.runs or one.runs[-1].name not in one.paged:
        return {}
    page_of = f"runs/{one.runs[-1].name}.html"
    return {identity(entry.outcome): f"{page_of}#{entry.anchor}" for entry in arrange(one.report).troubles}

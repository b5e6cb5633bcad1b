"""The report as one HTML file that asks nothing of anyone: styles and script inside, no request to anywhere.

Three things keep what a database calls its things from acting in the page: Jinja escapes every value, every value
passes `visible` first, and the page's own policy lets no script or style run but the two whose digests it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pgcontract.report.charts.page import GLOBALS, charts
from pgcontract.report.choices import choices
from pgcontract.report.document import VERDICTS, WORST_FIRST, arrange, difference, level_words, repair_script, tally
from pgcontract.report.mending import gathered
from pgcontract.report.packed import hazards, long, packed, place
from pgcontract.report.problems import one_line, whole_lines
from pgcontract.report.since import age, since_words
from pgcontract.report.text import counted, duration, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.verdict import Report


STATIC_CARDS = 100
"""How many of those that failed stand in the page in full even where no script may run."""

STATIC_ROWS = 1_000
"""Up to how many outcomes all of them stand there in that way."""

_SCRIPTS = ("colours.js", "words.js", "parts.js", "model.js", "filters.js", "view.js", "report.js")


def render(report: Report, home: str | None = None) -> str:
    """The report as a page.

    What a reader needs first stands in it as markup: the verdict, what failed, the groups. All outcomes stand in it as
    data, of which the page's script makes the same markup piece by piece, for what is filtered, opened or linked to.

    Args:
        report: The report.
        home: Where the page leads to that tells of all runs, where it is part of a site.
    """
    document = arrange(report)
    return page(
        "report.html.j2",
        styles=("charts.css",),
        document=document,
        report=report,
        home=home,
        charts=charts(document),
        choices=choices(document),
        mending=gathered(document.entries),
        data=Markup(packed(document)),  # noqa: S704 - nothing in it ends the element
        scripts=_SCRIPTS,
    )


def page(template: str, *, styles: Sequence[str] = (), scripts: Sequence[str] = (), **shown: object) -> str:
    """A page from one of our templates, with our style sheet, and the script that a page begins with as `theme`.

    Args:
        template: The template's file name.
        styles: The file names of style sheets that go on where ours ends, such as `map.css` for a table map.
        scripts: The file names of the parts of the script that the template is given as `js`.
        shown: What the template shows.
    """
    css = Markup("").join(map(_inline, ("report.css", *styles)))
    if scripts:
        shown["js"] = _joined(tuple(scripts))
    return _environment().get_template(template).render(css=css, theme=_inline("theme.js"), **shown)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pgcontract.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "block": whole_lines,
        "digest": _digest,
        "duration": duration,
        "line": one_line,
        "whole": _whole,
    }
    environment.globals |= {
        **GLOBALS,
        "STATIC_CARDS": STATIC_CARDS,
        "STATIC_ROWS": STATIC_ROWS,
        "VERDICTS": VERDICTS,
        "WORST_FIRST": WORST_FIRST,
        "age": age,
        "counted": counted,
        "difference": difference,
        "hazards": hazards,
        "level_words": level_words,
        "long": long,
        "place": place,
        "repair_script": repair_script,
        "since_words": since_words,
        "tally": tally,
    }
    return environment


def _harmless(value: object) -> object:
    """What every value in the template passes before it is escaped; what is markup already came from a macro."""
    return whole_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _whole(text: str) -> Markup:
    """A text that is to be copied: harmless, and never cut."""
    return escape(visible(text))


@cache
def _inline(name: str) -> Markup:
    """A style sheet or script of ours, to stand in the page as it is."""
    text = (files("pgcontract.report") / "templates" / name).read_text("utf-8")
    return Markup(text)  # noqa: S704 - a file of this package, not a value


@cache
def _joined(names: tuple[str, ...]) -> Markup:
    """Scripts that see each other, and are seen by nobody else."""
    return Markup('(() => {\n"use strict";\n') + Markup("").join(map(_inline, names)) + Markup("})();\n")


@cache
def _digest(text: str) -> str:
    """The digest by which the page's policy knows a script or style that stands in it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

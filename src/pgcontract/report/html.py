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
from markupsafe import Markup

from pgcontract.report.access import COMMANDS, heat_map
from pgcontract.report.document import VERDICTS, WORST_FIRST, arrange, difference, repair_script, tally
from pgcontract.report.since import since_words
from pgcontract.report.text import counted, duration, line, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.verdict import Report


def render(report: Report) -> str:
    """The report as a page."""
    access = heat_map(report.outcomes)
    return page("report.html.j2", document=arrange(report), report=report, access=access, script="report.js")


def page(template: str, *, styles: Sequence[str] = (), script: str = "", **shown: object) -> str:
    """A page from one of our templates, with our style sheet.

    Args:
        template: The template's file name.
        styles: The file names of style sheets that go on where ours ends, such as `map.css` for a table map.
        script: The file name of a script that the template is given as `js`.
        shown: What the template shows.
    """
    css = Markup("").join(map(_inline, ("report.css", *styles)))
    if script:
        shown["js"] = _inline(script)
    return _environment().get_template(template).render(css=css, **shown)


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
    environment.filters |= {"digest": _digest, "duration": duration, "line": line}
    environment.globals |= {
        "COMMANDS": COMMANDS,
        "VERDICTS": VERDICTS,
        "WORST_FIRST": WORST_FIRST,
        "counted": counted,
        "difference": difference,
        "repair_script": repair_script,
        "since_words": since_words,
        "tally": tally,
    }
    return environment


def _harmless(value: object) -> object:
    """What every value in the template passes before it is escaped; what is markup already came from a macro."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _inline(name: str) -> Markup:
    """A style sheet or script of ours, to stand in the page as it is."""
    text = (files("pgcontract.report") / "templates" / name).read_text("utf-8")
    return Markup(text)  # noqa: S704 - a file of this package, not a value


@cache
def _digest(text: str) -> str:
    """The digest by which the page's policy knows a script or style that stands in it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

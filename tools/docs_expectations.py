"""A mkdocs hook: one page for each noun of expectations, made from the classes while the site is built.

A docstring is what `pgcontract explain` and the report print too, so there is nothing to keep in step. The module
`pgcontract.expectations.policies` becomes the page `expectations/policies.md`.
"""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from mkdocs.structure.files import File

from pgcontract.contract import registry
from pgcontract.contract.describe import summary

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from pydantic.fields import FieldInfo

    from pgcontract.contract.expectation import Expectation

PACKAGE = "pgcontract.expectations."
ADVICE = "/advice/"
OVERVIEW_PATH = "expectations/index.md"
LANES = {"catalog": "What is there", "probe": "How it behaves", "data": "Rows"}
RULES = "Rules of advice"

# The directive has mkdocstrings print the docstring only; the fields stand in a table, where their descriptions fit.
CLASS = """\
::: {module}.{name}
    options: {{members: false, show_bases: false, show_signature: false, heading_level: 2, show_root_full_path: false}}

Lane: {lane}.{level}

| field | type | default | |
|---|---|---|---|
{fields}
"""

OVERVIEW = """\
# Expectations

Every expectation also takes `severity`, `tags` and `because`.

| expectation | what it states | lane |
|---|---|---|
"""


def kinds() -> list[type[Expectation]]:
    """The builtin expectations, by module and then by name."""
    builtin = (kind for kind in registry.offered().values() if kind.__module__.startswith(PACKAGE))
    return sorted(builtin, key=attrgetter("__module__", "__name__"))


def path(module: str) -> str:
    """`pgcontract.expectations.advice.views` has the page `expectations/advice/views.md`."""
    return "expectations/" + module.removeprefix(PACKAGE).replace(".", "/") + ".md"


def module(path: str) -> str:
    """`expectations/advice/views.md` is about `pgcontract.expectations.advice.views`."""
    return PACKAGE + path.removeprefix("expectations/").removesuffix(".md").replace("/", ".")


def title(module: str) -> str:
    """`pgcontract.expectations.foreign_keys` is called "Foreign keys"."""
    return module.rpartition(".")[2].replace("_", " ").capitalize()


def cell(text: str) -> str:
    """Text that stays in its cell of a Markdown table; between backquotes a `|` divides nothing."""
    parts = text.replace("\n", " ").split("`")
    return "`".join(part if inside % 2 else part.replace("|", r"\|") for inside, part in enumerate(parts))


def annotation(kind: type[Expectation], name: str) -> str:
    """A field's type, as its author wrote it."""
    return next(str(own[name]) for own in map(inspect.get_annotations, kind.__mro__) if name in own)


def fields(kind: type[Expectation]) -> str:
    """A row for each field of its own; those that all expectations have stand on the first page."""
    rows = (
        [f"`{name}`", f"`{annotation(kind, name)}`", default(field), field.description or ""]
        for name, field in ((name, kind.model_fields[name]) for name in kind.own())
    )
    return "\n".join(f"| {' | '.join(map(cell, row))} |" for row in rows)


def default(field: FieldInfo) -> str:
    """A field's default, as Python writes it."""
    return "required" if field.is_required() else f"`{field.get_default()!r}`"


def section(kind: type[Expectation]) -> str:
    """What a page says of one expectation."""
    return CLASS.format(
        module=kind.__module__, name=kind.__name__, lane=kind.lane, level=level(kind), fields=fields(kind)
    )


def level(kind: type[Expectation]) -> str:
    """How much `pgcontract advise` makes of it, where it is a rule of advice."""
    said = getattr(kind, "level", None)
    return f" Level in `pgcontract advise`: {said}." if said else ""


def overview() -> str:
    """The first page: every expectation, in one sentence."""
    rows = (
        f"| [`{kind.__name__}`]({path(kind.__module__).partition('/')[2]}#{kind.__module__}.{kind.__name__}) "
        f"| {cell(plain(summary(kind)))} | {kind.lane} |"
        for kind in sorted(kinds(), key=attrgetter("__name__"))
    )
    return OVERVIEW + "\n".join(rows) + "\n"


def plain(text: str) -> str:
    """A sentence in which the fields, written `{table}`, are shown as variables."""
    return re.sub(r"\{(\w+)\}", r"<var>\1</var>", text)


def pages() -> dict[str, tuple[str, str]]:
    """The title and the Markdown of every page, by its path."""
    made = {OVERVIEW_PATH: ("All of them", overview())}
    for module, members in groupby(kinds(), key=attrgetter("__module__")):
        text = "\n".join([f"# {title(module)}", "", *(section(kind) for kind in members)])
        made[path(module)] = (title(module), text)
    return made


def on_config(config: MkDocsConfig) -> None:
    """Put the pages into the navigation, after the reference: by what they look at, as the lanes have it."""
    nav = cast("list[dict[str, Any]]", config["nav"])
    lanes = {kind.__module__: kind.lane for kind in kinds()}
    groups: dict[str, list[dict[str, str]]] = {heading: [] for heading in (*LANES.values(), RULES)}
    for where, (name, _) in pages().items():
        if where != OVERVIEW_PATH:
            groups[RULES if ADVICE in where else LANES[lanes[module(where)]]].append({name: where})
    entries = [{"All of them": OVERVIEW_PATH}, *({heading: members} for heading, members in groups.items())]
    nav.insert(next(at for at, entry in enumerate(nav) if "Reference" in entry) + 1, {"Expectations": entries})


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site."""
    for where, (_, text) in pages().items():
        files.append(File.generated(config, where, content=text))
    return files


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Show a docstring's `{table}` as a variable; examples stand in `pre` and are left alone."""
    if not page.file.src_uri.startswith("expectations/"):
        return html
    parts = re.split(r"(<pre>.*?</pre>)", html, flags=re.DOTALL)
    return "".join(part if part.startswith("<pre>") else plain(part) for part in parts)

"""A mkdocs hook: one page for each noun of expectations, made from the classes while the site is built.

A docstring is what `pgcontract explain` and the report print too, so there is nothing to keep in step. The module
`pgcontract.expectations.policies` becomes the page `expectations/policies.md`. Each example is tried meanwhile, on a
private Postgres, and what came of it stands on the page: one that does not hold, or that nothing breaks, ends the
build.
"""

from __future__ import annotations

import inspect
import re
from functools import cache
from itertools import groupby
from operator import attrgetter
from textwrap import indent
from typing import TYPE_CHECKING, Any, cast

import psycopg
from docs_examples import examples, tried, wrong
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from pgcontract import Suite
from pgcontract.contract import registry
from pgcontract.contract.describe import Parameter, parameters, summary
from pgcontract.embedded import Server, apply_setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docs_examples import Tried
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from pgcontract.contract.expectation import Expectation

PACKAGE = "pgcontract.expectations."
ADVICE = "/advice/"
OVERVIEW_PATH = "expectations/index.md"
LANES = {"catalog": "What is there", "probe": "How it behaves", "data": "Rows"}
RULES = "Rules of advice"
TITLES = {
    "default_acls": "Default access control lists",
    "closed": "Closed worlds",
    "interference": "Isolation",
    "reach": "Who reaches what",
    "rls": "Row-level security",
}
NOTHING = "-- (nothing is needed)"

# The anchor is the name of the class, as Python's cross-references would have it.
CLASS = """\
## {name} {{ #{module}.{name} }}

{says}

=== "Contract file"

    ```yaml
{yaml}
    ```

=== "Python"

    ```python
{python}
    ```

```sql
-- It holds here:
{setup}

-- This breaks it:
{broken}
```

```text
{said}
```

{repair}

| field | type | default | |
|---|---|---|---|
{fields}

Lane: {lane}.{level}
"""

OVERVIEW = """\
# Expectations

Every expectation also takes `severity`, `tags` and `because`. The examples were run when this site was built, on
PostgreSQL {version} with the Supabase platform, in a schema that API roles may use: where each holds,
what breaks it, and what `pgcontract verify` says then, with the repair where one can be derived.

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


def title(module: str, members: Sequence[type[Expectation]]) -> str:
    """`pgcontract.expectations.foreign_tables` is called "Foreign tables"; a page on one expectation, by its name."""
    if len(members) == 1:
        return members[0].__name__
    name = module.rpartition(".")[2]
    return TITLES.get(name, name.replace("_", " ").capitalize())


def cell(text: str) -> str:
    """Text that stays in its cell of a Markdown table; between backquotes a `|` divides nothing."""
    parts = text.replace("\n", " ").split("`")
    return "`".join(part if inside % 2 else part.replace("|", r"\|") for inside, part in enumerate(parts))


def fields(kind: type[Expectation]) -> str:
    """A row for each field of its own; those that all expectations have stand on the first page."""
    return "\n".join(f"| {' | '.join(map(cell, field(one)))} |" for one in parameters(kind))


def field(one: Parameter) -> tuple[str, str, str, str]:
    """What a page says of a field; the words that it may be, where they are too many to be its type."""
    words = f"One of {', '.join(f'`{word}`' for word in one.choices)}." if one.choices_untold else ""
    default = "required" if one.default is None else f"`{one.default}`"
    return f"`{one.name}`", one.type, default, " ".join(filter(None, [one.description, words]))


def section(kind: type[Expectation]) -> str:
    """What a page says of one expectation."""
    one = outcomes()[1][kind.__name__]
    says, python, repair = docstring(kind)
    return CLASS.format(
        module=kind.__module__,
        name=kind.__name__,
        lane=kind.lane,
        level=level(kind),
        fields=fields(kind),
        says=says,
        python=indent(python, "    "),
        repair=repair,
        yaml=indent(in_a_file(one.example.expectation), "    "),
        setup=one.example.setup or NOTHING,
        broken=one.example.broken,
        said=one.said(),
    )


def docstring(kind: type[Expectation]) -> tuple[str, str, str]:
    """What a docstring says before its example, the example, and how to repair; `{table}` is shown as a variable.

    Raises:
        ValueError: It has no example, or it does not say how to repair.
    """
    text = inspect.cleandoc(kind.__doc__ or "")
    sentence, _, rest = text.partition("\n\n")
    before, _, after = f"\n\n{rest}".partition("\n\nExample:\n")
    example, found, repair = after.partition("\n\nRepair: ")
    if not found:
        raise ValueError(f"the docstring of {kind.__name__} lacks its example, or its repair")
    return f"{plain(sentence)}\n{before}", inspect.cleandoc(example), f"Repair: {repair}"


def in_a_file(expectation: Expectation) -> str:
    """An expectation as a contract file has it in its list."""
    return Suite("example", [expectation]).to_yaml(short=True).partition("expectations:\n")[2].rstrip()


@cache
def outcomes() -> tuple[str, dict[str, Tried]]:
    """The server's version, and what came of each example; tried once, however often the site is built.

    Raises:
        PluginError: An example is not as it should be.
    """
    with Server() as server:
        url = server.create_database("app")
        apply_setup(url, ["supabase"])
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("set client_min_messages = error")
            version = connection.info.parameter_status("server_version") or ""
            results = list(tried(connection, examples()))
    if faults := wrong(results):
        raise PluginError("\n".join(f"the example of {kind} {fault}" for kind, fault in faults.items()))
    return version, {one.example.kind: one for one in results}


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
    return OVERVIEW.format(version=outcomes()[0]) + "\n".join(rows) + "\n"


def plain(text: str) -> str:
    """A sentence in which the fields, written `{table}`, are shown as variables."""
    return re.sub(r"\{(\w+)\}", r"<var>\1</var>", text)


@cache
def pages() -> dict[str, tuple[str, str]]:
    """The title and the Markdown of every page, by its path."""
    made = {OVERVIEW_PATH: ("All of them", overview())}
    for module, grouped in groupby(kinds(), key=attrgetter("__module__")):
        members = list(grouped)
        heading = title(module, members)
        text = "\n".join(map(section, members))
        # A page on one expectation is called by it, and says so once.
        made[path(module)] = (heading, f"# {heading}\n\n{text}" if len(members) > 1 else text.removeprefix("#"))
    return made


def on_config(config: MkDocsConfig) -> None:
    """Put the pages into the navigation, after the reference: by what they look at, as the lanes have it."""
    nav = cast("list[dict[str, Any]]", config["nav"])
    lanes = {kind.__module__: kind.lane for kind in kinds()}
    groups: dict[str, list[dict[str, str]]] = {heading: [] for heading in (*LANES.values(), RULES)}
    for where, (name, _) in pages().items():
        if where != OVERVIEW_PATH:
            groups[RULES if ADVICE in where else LANES[lanes[module(where)]]].append({name: where})
    for members in groups.values():
        members.sort(key=lambda entry: next(iter(entry)).lower())
    entries = [{"All of them": OVERVIEW_PATH}, *({heading: members} for heading, members in groups.items())]
    nav.insert(next(at for at, entry in enumerate(nav) if "Reference" in entry) + 1, {"Expectations": entries})


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site."""
    for where, (_, text) in pages().items():
        files.append(File.generated(config, where, content=text))
    return files

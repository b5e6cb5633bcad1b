"""A mkdocs hook: one page for each noun of expectations, made from the docstrings while the site is built.

The docstring is what `pgcontract explain` and the report print too, so there is nothing to keep in step. The module
`pgcontract.expectations.policies` becomes the page `expectations/policies.md`.
"""

from __future__ import annotations

import importlib
import inspect
import logging
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

log = logging.getLogger("mkdocs.hooks.expectations")
PACKAGE = "pgcontract.expectations"


def kinds() -> list[type]:
    """The builtin expectations, by module and then in the order of their names."""
    try:
        registry = importlib.import_module("pgcontract.contract.registry")
    except ModuleNotFoundError:
        log.info("there is no registry of expectations yet: no pages are made")
        return []
    classes: Iterable[type] = registry.expectations().values()
    return sorted(
        (kind for kind in classes if kind.__module__.startswith(PACKAGE)), key=attrgetter("__module__", "__name__")
    )


def sentence(kind: type) -> str:
    """The first line of a docstring: the sentence that a report prints."""
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def title(module: str) -> str:
    """`pgcontract.expectations.foreign_keys` is shown as "Foreign keys"."""
    return module.removeprefix(PACKAGE + ".").replace("_", " ").replace(".", ": ").capitalize()


def pages() -> dict[str, tuple[str, str]]:
    """The title and the Markdown of every page, by its path."""
    made: dict[str, tuple[str, str]] = {}
    rows: list[str] = []
    for module, group in groupby(kinds(), key=attrgetter("__module__")):
        path = module.removeprefix(PACKAGE + ".").replace(".", "/") + ".md"
        members = list(group)
        rows += [
            f"| [`{kind.__name__}`]({path}#{kind.__module__}.{kind.__name__}) | {sentence(kind)} |" for kind in members
        ]
        text = "\n\n".join(f"::: {module}.{kind.__name__}" for kind in members)
        made[f"expectations/{path}"] = (title(module), f"# {title(module)}\n\n{text}\n")
    if rows:
        table = "\n".join(["| expectation | what it states |", "|---|---|", *sorted(rows)])
        made = {"expectations/index.md": ("All", f"# Expectations\n\n{table}\n"), **made}
    return made


def on_config(config: MkDocsConfig) -> None:
    """Put the pages into the navigation, before the design."""
    if made := pages():
        nav = cast("list[dict[str, Any]]", config["nav"])
        nav.insert(-1, {"Expectations": [{name: path} for path, (name, _) in made.items()]})


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site."""
    for path, (_, text) in pages().items():
        files.append(File.generated(config, path, content=text))
    return files

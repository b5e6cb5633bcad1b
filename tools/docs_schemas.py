"""A mkdocs hook: the JSON Schemas of all that programs read, on a page and as files of the site.

They are those of the package, so that an editor or a validator can be pointed at the site, and nothing is kept in step.
"""

from __future__ import annotations

import json
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

from pgcontract.contract.schema import contract_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

PAGE = "schemas.md"
HEAD = """\
# JSON Schemas

What contract files may say, and what commands print with `--format json`. A format's version stands in its name; what a
schema says does not change within one but by additions. In the package they are in `pgcontract/report/schemas`, and
`pgcontract schema` prints that of contract files, with the expectations of all packages that are installed.
"""
SECTION = """
## {name}

{says} [`{file}`](schemas/{file})

| key | |
|---|---|
{rows}
"""


def schemas() -> Iterator[tuple[str, str]]:
    """The name and the text of each file."""
    yield "contract.schema.json", json.dumps(contract_schema(), indent=2) + "\n"
    folder = resources("pgcontract.report") / "schemas"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        yield file.name, file.read_text("utf-8")


def section(file: str, schema: dict[str, Any]) -> str:
    """What the page says of a schema: its title, and its keys."""
    says = schema.get("description") or f"{schema['title']}."
    required = schema.get("required", ())
    rows = [
        f"| `{key}`{'' if key in required else ' (optional)'} | {described(value, schema)} |"
        for key, value in schema.get("properties", {}).items()
    ]
    name = file.removesuffix(".schema.json").replace("-", ", version ").capitalize()
    return SECTION.format(name=name, says=says, file=file, rows="\n".join(rows))


def described(value: dict[str, Any], schema: dict[str, Any]) -> str:
    """A property's description, or that of what it refers to; in one line."""
    referred = schema.get("$defs", {}).get(str(value.get("$ref", "")).rpartition("/")[2], {})
    return " ".join(str(value.get("description") or referred.get("description") or "").split()).replace("|", r"\|")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page, and the schemas as files."""
    known = list(schemas())
    page = HEAD + "".join(section(file, json.loads(text)) for file, text in known)
    files.append(File.generated(config, PAGE, content=page))
    for file, text in known:
        files.append(File.generated(config, f"schemas/{file}", content=text))
    return files

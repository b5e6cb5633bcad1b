"""A mkdocs hook: ends the build when a page would ask others than the site itself for a script, style or picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

# What a browser fetches by itself; where a link leads is the reader's affair.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video)\b[^>]*\b(?:src|srcset)=["']?(?P<one>(?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preconnect|preload|icon))[^>]*\bhref=["']?(?P<two>(?:https?:)?//[^"'\s>]+)"""
    r"""|(?:@import\s+|url\()["']?(?P<three>(?:https?:)?//[^"')\s]+)"""
)


def fetched(folder: Path) -> dict[str, list[str]]:
    """What pages and styles ask others for, by their path."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix not in {".html", ".css"}:
            continue
        text = file.read_text("utf-8")
        if asked := [one or two or three for one, two, three in FETCHED.findall(text)]:
            found[str(file.relative_to(folder))] = asked
    return found


def on_post_build(config: MkDocsConfig) -> None:
    """Look through all that was built.

    Raises:
        PluginError: Something would be fetched from elsewhere.
    """
    from mkdocs.exceptions import PluginError  # noqa: PLC0415 - tests look through pages without mkdocs

    if found := fetched(Path(config.site_dir)):
        raise PluginError("\n".join(f"{page} asks for {', '.join(asked)}" for page, asked in found.items()))

"""The formats in which a report is text: packages offer theirs by an entry point, and ours enter by the same door.

An entry of the group is called as the format is, with the suffix of its files where that is another: ``sarif``,
``junit.xml``. It names a function that makes text of a `pgcontract.verdict.Report`.
"""

from __future__ import annotations

import sys
import traceback
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pgcontract.errors import PgContractError
from pgcontract.names import perhaps
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GROUP = "pgcontract.reports"


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: What it is called.
        suffix: That of its files, without the dot.
        points: The entry points that offer it: one, unless two packages call theirs the same.
    """

    name: str
    suffix: str
    points: tuple[EntryPoint, ...]

    @property
    def origin(self) -> str:
        """The distribution that it comes from, and which version."""
        dist = self.points[0].dist
        return f"{dist.name} {dist.version}" if dist is not None else self.points[0].value

    def loaded(self) -> Callable[[Any], str]:
        """The function that renders.

        Raises:
            PgContractError: It cannot be imported, or two packages offer it.
        """
        if len({point.value for point in self.points}) > 1:
            values = " and ".join(sorted(point.value for point in self.points))
            raise PgContractError(f"two packages offer a format {self.name!r}: {values}", hint="Uninstall one of them.")
        try:
            renderer: Callable[[Any], str] = self.points[0].load()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise PgContractError(f"format {self.name!r} of {self.origin} cannot be loaded: {said}") from error
        return renderer

    def render(self, report: object) -> str:
        """The report as text.

        Raises:
            PgContractError: It cannot be loaded, raises, or gives no text; the message names its distribution.
        """
        renderer = self.loaded()
        try:
            text: object = renderer(report)
        except (Exception, SystemExit) as error:
            raise PgContractError(f"format {self.name!r} of {self.origin} failed: {_said(error)}") from error
        if not isinstance(text, str):
            raise PgContractError(f"format {self.name!r} of {self.origin} gave {type(text).__name__}, not text")
        return text


def formats() -> Mapping[str, Format]:
    """Every format that installed packages offer, by name."""
    return _formats(tuple(sys.path))


@cache
def _formats(_path: tuple[str, ...]) -> Mapping[str, Format]:
    """What is found on a path; all that is installed is looked through, so it is done once."""
    found: dict[str, Format] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        name, _, suffix = point.name.partition(".")
        others = found[name].points if name in found else ()
        found[name] = Format(name, suffix or name, (*others, point))
    return MappingProxyType(found)


def named(name: str) -> Format:
    """The format of that name.

    Raises:
        PgContractError: There is none.
    """
    known = formats()
    if name not in known:
        raise PgContractError(
            f"no format is called {name!r}; known are {', '.join(sorted(known))}", hint=perhaps(name, known)
        )
    return known[name]


def of_file(path: PurePath) -> Format | None:
    """The format that a file's suffix stands for; where several have it, the one that is called so.

    `quality.gitlab.json` says its format itself.
    """
    having = of_suffix(path)
    said = PurePath(path.stem).suffix.lstrip(".").lower()
    return min(having, key=lambda each: (each.name != said, each.name != each.suffix, each.name), default=None)


def of_suffix(path: PurePath) -> list[Format]:
    """The formats whose files have that suffix."""
    suffix = path.suffix.lstrip(".").lower()
    return [each for each in formats().values() if each.suffix == suffix]


def for_file(path: PurePath) -> Format:
    """The same.

    Raises:
        PgContractError: No format has that suffix.
    """
    found = of_file(path)
    if found is None:
        raise PgContractError(f"{path}: which format? Its suffix is none of {', '.join(suffixes())}")
    return found


def save(report: object, path: Path) -> Path:
    """Write the report in the format that the file's suffix stands for, and give the path back.

    Raises:
        PgContractError: No format has that suffix, or its renderer fails.
    """
    # The text has the line ends of its format, on every platform.
    path.write_text(for_file(path).render(report), encoding="utf-8", newline="")
    return path


def suffixes() -> list[str]:
    """The suffixes that stand for a format, with their dots, in order."""
    return sorted({f".{each.suffix}" for each in formats().values()})


def _said(error: BaseException) -> str:
    """What was raised, and the line that raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"{said.splitlines()[0]} ({PurePath(last.filename).name}:{last.lineno})"

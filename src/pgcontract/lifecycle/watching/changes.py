"""What became of the verdicts between two runs of one contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.report.document import LEVELS, Document, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Changes:
    """What is other than in the run before; each the worst first.

    Attributes:
        broken: What failed or could not be checked, and did not before, or for another reason, or mattered less.
        still: What did before, and does.
        fixed: What did before, and holds.
        untold: What did before, and was not checked this time.
        gone: What did before, and is not asked any more; as it was.
    """

    broken: tuple[Entry, ...]
    still: tuple[Entry, ...]
    fixed: tuple[Entry, ...]
    untold: tuple[Entry, ...]
    gone: tuple[Entry, ...]

    @property
    def any(self) -> bool:
        """Whether anything is other than before."""
        return bool(self.broken or self.fixed or self.untold or self.gone)


def changes(before: Document, now: Document) -> Changes:
    """What the later of two runs tells that the earlier did not."""
    were = {entry.anchor: entry for entry in before.troubles}
    are = {entry.anchor: entry for group in now.groups for entry in group.entries}
    over = {anchor: entry for anchor, entry in were.items() if anchor not in are or not are[anchor].troubled}
    ended = [are[anchor] for anchor in over if anchor in are]
    return Changes(
        broken=tuple(entry for entry in now.troubles if _is_new(entry, were)),
        still=tuple(entry for entry in now.troubles if not _is_new(entry, were)),
        fixed=tuple(entry for entry in ended if entry.level == "passed"),
        untold=tuple(entry for entry in ended if entry.level != "passed"),
        gone=tuple(entry for anchor, entry in over.items() if anchor not in are),
    )


def _is_new(entry: Entry, were: Mapping[str, Entry]) -> bool:
    old = were.get(entry.anchor)
    if old is None or LEVELS.index(entry.level) < LEVELS.index(old.level):
        return True
    return not _findings(entry) <= _findings(old) or entry.outcome.reason != old.outcome.reason


def _findings(entry: Entry) -> set[str]:
    return {finding.fingerprint for finding in entry.outcome.findings}

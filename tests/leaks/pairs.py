"""Pairs of small databases that differ in one to four lines: one half leaks, its twin does not.

A pair is a file of `tests/leaks/*.sql`::

    -- title: what the product is
    -- class: the sort of hole
    -- leak: RELATION COMMAND PRINCIPAL [via OBJECT]      what must be found; any one of these lines will do
    -- owner: TABLE.COLUMN                                hints as for the command line; also tenant: and public:
    -- because: why the twin is safe
    -- platform: none                                     without the platform's stand-in, hence without auth.users

    create table …                                        what both halves have
    -- leaky:
    create policy … using (true);
    -- safe:
    create policy … using (user_id = auth.uid());
    -- both:
    …
    -- attack: what is done, in words
    insert …                                              rows, as the superuser
    -- as: authenticated A
    select count(*) …                                     in the leaky half more than 0; in the safe one 0, or refused
    -- control:
    -- as: authenticated B
    select count(*) …                                     what the rightful do; more than 0 in both halves

COMMAND is ``select``, ``insert``, ``update``, ``delete`` or ``truncate``; PRINCIPAL is the role, with ``authenticated``
for any signed-in user. ``via`` names the view, function, child or trigger that opens the way. ``-- as: ROLE`` takes one
of the users A and B, then ``{…}`` with further claims, or ``name=value`` with settings; ``-- as: superuser`` goes back.
In the attack ``:A``, ``:B`` (users, who are in the platform's auth.users), ``:OA`` and ``:OB`` (for organisations) are
UUIDs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parent
HINTS = ("owner", "tenant", "public")
IDS = {
    "A": "aaaaaaaa-0000-4000-8000-00000000000a",
    "B": "bbbbbbbb-0000-4000-8000-00000000000b",
    "OA": "0a0a0a0a-0000-4000-8000-0000000000aa",
    "OB": "0b0b0b0b-0000-4000-8000-0000000000bb",
}
EMAILS = {"A": "a@example.com", "B": "b@example.org"}

_HEADER = re.compile(r"-- (title|class|leak|owner|tenant|public|because|platform): (.+)")
_MARKER = re.compile(r"-- (leaky|safe|both):\s*")
_AS = re.compile(r"-- as: (\w+)(?: ([AB]))?(?: (\{.*\}))?((?: [\w.]+=\S*)*)\s*")


class Leak(NamedTuple):
    """What must be found; `via` is the object through which it goes, where that is not the relation itself."""

    relation: str
    command: str
    principal: str
    via: str | None


class Step(NamedTuple):
    """Statements, and who sends them: a role (None: the superuser) with settings, local to the transaction."""

    role: str | None
    settings: dict[str, str]
    sql: str


class Pair(NamedTuple):
    """Two databases that differ in one to four lines, and the proof that one leaks and the other does not."""

    name: str
    title: str
    kind: str
    leaky_sql: str
    safe_sql: str
    hints: tuple[tuple[str, str], ...]
    expected: tuple[Leak, ...]
    because: str
    rows: str
    attack: tuple[Step, ...]
    control: tuple[Step, ...]
    platform: bool

    @property
    def arguments(self) -> list[str]:
        """The hints as arguments of the command line."""
        return [part for hint, value in self.hints for part in (f"--{hint}", value)]

    def is_found(self, leaks: Iterable[Any]) -> bool:
        """Whether one of the leaks that must be found is there, on its relation or through what opens the way."""
        for wanted in self.expected:
            for found in leaks:
                places = {found.relation, found.relation.partition("(")[0], *found.tables}
                way = wanted.via.split()[-1] if wanted.via else None
                if wanted.relation in places or (way and any(way in place for place in places)):
                    return True
        return False


def pairs(folder: Path = FOLDER) -> Iterator[Pair]:
    """All pairs, in the order of their names.

    Raises:
        ValueError: A file is not as the module's docstring says.
    """
    for path in sorted(folder.glob("*.sql")):
        yield parse(path.stem, path.read_text("utf-8"))


def parse(name: str, text: str) -> Pair:
    """Read one file's text.

    Raises:
        ValueError: It is not as the module's docstring says.
    """
    schema, _, proof = text.partition("\n-- attack:")
    attack, _, control = proof.partition("\n-- control:")
    header: dict[str, list[str]] = {}
    for key, value in _HEADER.findall(schema):
        header.setdefault(key, []).append(value.strip())
    if missing := {"title", "class", "leak", "because"} - header.keys():
        raise ValueError(f"{name}: no {', '.join(sorted(missing))} in the header")
    first, *steps = _steps(name, attack.partition("\n")[2])
    return Pair(
        name,
        header["title"][0],
        header["class"][0],
        *_halves(name, schema),
        hints=tuple((hint, value) for hint in HINTS for value in header.get(hint, [])),
        expected=tuple(_leak(name, line) for line in header["leak"]),
        because=" ".join(header["because"]),
        rows=first.sql,
        attack=tuple(steps),
        control=tuple(_steps(name, control)[1:]),
        platform=header.get("platform", [""])[0] != "none",
    )


def _halves(name: str, schema: str) -> tuple[str, str]:
    """The leaky and the safe database's SQL."""
    halves: dict[str, list[str]] = {"leaky": [], "safe": []}
    where, changed = "both", {"leaky": 0, "safe": 0}
    for line in schema.splitlines():
        if marker := _MARKER.fullmatch(line):
            where = marker[1]
            continue
        if where in changed and line.strip():
            changed[where] += 1
        for half, lines in halves.items():
            if where in {half, "both"}:
                lines.append(line)
    if not 1 <= max(changed.values()) <= 4:  # the promise of the set
        raise ValueError(f"{name}: the halves differ in {changed}, not in one to four lines")
    return "\n".join(halves["leaky"]) + "\n", "\n".join(halves["safe"]) + "\n"


def _leak(name: str, line: str) -> Leak:
    """Read ``RELATION COMMAND PRINCIPAL [via OBJECT]``."""
    words = re.fullmatch(r"(\S+) (select|insert|update|delete|truncate) (\w+)(?: via (.+))?", line)
    if words is None:
        raise ValueError(f"{name}: {line!r} is not RELATION COMMAND PRINCIPAL [via OBJECT]")
    return Leak(words[1], words[2], words[3], words[4])


def _steps(name: str, text: str) -> list[Step]:
    """The steps of an attack or a control; the first is what stands before any ``-- as:``."""
    found = [Step(None, {}, "")]
    for line in text.splitlines():
        if line.startswith("-- as:"):
            if (words := _AS.fullmatch(line)) is None:
                raise ValueError(f"{name}: {line!r} says not who acts")
            found.append(_step(*words.groups(default="")))
        else:
            found[-1] = found[-1]._replace(sql=found[-1].sql + _with_ids(line) + "\n")
    return found


def _step(role: str, user: str, claims: str, settings: str) -> Step:
    """Who acts, and with which settings."""
    values = dict(setting.split("=", 1) for setting in _with_ids(settings, quote="").split())
    if user or claims:
        common = {"aud": "authenticated", "role": role, "is_anonymous": False, "app_metadata": {}, "user_metadata": {}}
        who = {"sub": IDS[user], "email": EMAILS[user]} if user else {}
        values["request.jwt.claims"] = json.dumps(common | who | json.loads(_with_ids(claims or "{}", quote="")))
    return Step(None if role == "superuser" else role, values, "")


def _with_ids(text: str, quote: str = "'") -> str:
    """Put the UUIDs in the place of ``:A`` and its like."""
    return re.sub(r"(?<![:\w]):(OA|OB|A|B)\b", lambda match: f"{quote}{IDS[match[1]]}{quote}", text)

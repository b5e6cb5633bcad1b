"""Baseline files: ignores that stand beside a contract, an entry a line, so that their differences are small.

The format is `pgcontract.baseline/1`, described by `SCHEMA`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.contract.flow import flow
from pgcontract.contract.load import ignored, read
from pgcontract.contract.problems import Problem, refuse
from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from pgcontract.contract.document import Document
    from pgcontract.contract.ignore import Ignore

FORMAT: Literal["pgcontract.baseline/1"] = "pgcontract.baseline/1"
SCHEMA = Path(__file__).parent.parent / "report" / "schemas" / "baseline-1.schema.json"

_SUFFIXES = (".yaml", ".yml", ".json")
_KEYS = ("format", "ignore")
_NOTE = re.compile(r"""^- \{fingerprint: ['"]?([0-9a-f]{16})['"]?[,}].*\}  # (.*)$""", re.MULTILINE)
_MAKE = 'pgcontract verify CONTRACT --baseline FILE --baseline-update --because "…" makes one.'


def load_baseline(path: str | Path) -> tuple[Ignore, ...]:
    """The ignores of a baseline file, in its order; an equal one counts once.

    Raises:
        ContractError: It is not there, cannot be read, does not parse or is of another version; the message names file,
            line and column.
    """
    file = Path(path)
    check_suffix(file)
    try:
        if not file.exists():
            raise ContractError(f"there is no baseline {str(path)!r}", hint=_MAKE)
        document = read(file)
    except OSError as error:
        raise ContractError(f"{path} cannot be read: {error.strerror}") from error
    return _ignores(document)


def check_suffix(path: Path) -> None:
    """Do nothing if the suffix is one of a baseline.

    Raises:
        ContractError: It is not.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise ContractError(f"{path}: a baseline is a .yaml or .json file")


def _ignores(document: Document) -> tuple[Ignore, ...]:
    content = document.content
    if not isinstance(content, Mapping):
        raise ContractError(f"{document.name}:1:1: a baseline is a mapping with the keys format and ignore")
    problems = list(_header_problems(content))
    refuse(problems, document)  # of another version, the rest is not ours to judge
    found = tuple(dict.fromkeys(ignored(content.get("ignore", []), problems)))
    refuse(problems, document)
    return found


def _header_problems(content: Mapping[Any, Any]) -> Iterator[Problem]:
    version = content.get("format")
    if "format" not in content:
        yield Problem((), f"it is no baseline: 'format: {FORMAT}' is missing")
    elif version != FORMAT:
        yield Problem(("format",), f"the format is {str(version)!r}, and {FORMAT!r} is what can be read here")
        return
    for key in content:
        if key not in _KEYS:
            listing = ", ".join(_KEYS)
            yield Problem((key,), f"unknown key {key!r}; known are {listing}", perhaps(str(key), _KEYS), at_key=True)


def ordered(ignores: Iterable[Ignore]) -> list[Ignore]:
    """The ignores in the order of files: by what they ignore, so that nothing moves when one comes or goes."""
    return sorted(
        dict.fromkeys(ignores),
        key=lambda one: (one.kind or "", one.subject or "", one.fingerprint or "", str(one.until or ""), one.because),
    )


def render_baseline(ignores: Iterable[Ignore], *, json_format: bool, notes: Mapping[str, str] | None = None) -> str:
    """The text of a baseline file.

    Args:
        ignores: What it holds; they are put in order.
        json_format: JSON rather than YAML.
        notes: What a fingerprint stands for, which YAML shows as a comment.
    """
    items = [ignore.content() for ignore in ordered(ignores)]
    if json_format:
        lines = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in items)
        listed = f"[\n{lines}\n  ]" if items else "[]"
        return f'{{\n  "format": {json.dumps(FORMAT)},\n  "ignore": {listed}\n}}\n'
    if not items:
        return f"format: {FORMAT}\nignore: []\n"
    noted = notes or {}
    lines = "\n".join(_line(item, noted.get(item.get("fingerprint", ""))) for item in items)
    return f"format: {FORMAT}\nignore:\n{lines}\n"


def _line(item: Mapping[str, Any], note: str | None) -> str:
    text = f"- {flow(item)}"
    if note is None:
        return text
    # Names may hold what YAML does not, not even in a comment.
    plain = "".join(char if char.isprintable() else " " for char in note)
    return f"{text}  # {' '.join(plain.split())}"


def save_baseline(path: Path, ignores: Iterable[Ignore], notes: Mapping[str, str] | None = None) -> None:
    """Write a baseline file whole or not at all: JSON or YAML by its suffix.

    Comments that a file had before on what a fingerprint stands for are kept, where `notes` has nothing newer.

    Raises:
        ContractError: It cannot be written.
    """
    check_suffix(path)
    noted = {**_notes(path), **(notes or {})}
    text = render_baseline(ignores, json_format=path.suffix.lower() == ".json", notes=noted)
    try:
        write_whole(path.resolve(), text)  # of a link, what it leads to
    except OSError as error:
        raise ContractError(f"{path} cannot be written: {error.strerror}") from None


def _notes(path: Path) -> dict[str, str]:
    try:
        return dict(_NOTE.findall(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return {}


def write_whole(path: Path, text: str) -> None:
    """Write beside the file and move over it, with its mode."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask

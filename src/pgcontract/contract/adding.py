"""More expectations in a contract file, and not a character of what its author wrote changed.

The text is looked through for the place where the list ends, and the items are put there. What comes of it is loaded
again, and must be the suite that was, with the new expectations behind: else nothing is written.
"""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from pgcontract.contract.baseline import write_whole
from pgcontract.contract.flow import flow
from pgcontract.contract.items import item
from pgcontract.contract.load import load, loads
from pgcontract.contract.merging import NoPlaceError, last_line, merged, placeable, together
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite

_SUFFIXES = (".yaml", ".yml", ".json")
_NAMES = ("contract.yaml", "contract.yml", "contract.json")


def file_of(source: str | Path) -> Path:
    """The file that expectations can be added to.

    Raises:
        ContractError: It is Python, or no file at all.
    """
    path = Path(source)
    if path.is_dir():
        path = next((path / name for name in _NAMES if (path / name).exists()), path)
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        raise ContractError(
            f"{source}: only a .yaml or .json file can be added to",
            hint="Without --write, the expectations are printed to be copied.",
        )
    return path


def amend(path: Path, propose: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Suite | None:
    """Put content into a YAML contract file, each piece where it belongs; the suite that it is then.

    Args:
        path: The file.
        propose: What to put in, given the content of the file, as `merging.merged` takes it.

    Returns:
        None where there was nothing to put in, or no place for it; the file is then as it was.

    Raises:
        ContractError: The file cannot be written.
    """
    if path.suffix.lower() == ".json":
        return None
    text = path.read_bytes().decode("utf-8-sig")
    file = _content(text)
    try:
        more = placeable(text, propose(file))
        amended = merged(text, more)
        after = loads(amended, str(path))
    except (NoPlaceError, ContractError):
        return None
    if not more or _content(amended) != together(file, more):
        return None
    _write(path, amended)
    return after


def _content(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


def add(path: Path, expectations: Iterable[Expectation]) -> int:
    """Put expectations at the end of a contract file's list, and say how many were not there before.

    Raises:
        ContractError: The file cannot be written, or is written in a way that nothing can be added to; it is left as it
            is.
    """
    suite = load(path)
    there = set(suite)
    new = [one for one in dict.fromkeys(expectations) if one not in there]
    if not new:
        return 0
    text = path.read_bytes().decode("utf-8-sig")
    is_json = path.suffix.lower() == ".json"
    added = _added(text, [item(one, suite.schema) for one in new], is_json=is_json)
    if added is None or not _is_same(text, added, path, suite, new):
        raise ContractError(f"{path}: its list of expectations is written in a way that nothing can be added to")
    _write(path, added)
    return len(new)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path.resolve(), text)
    except OSError as error:
        raise ContractError(f"{path} cannot be written: {error.strerror}") from None


def _header(suite: Suite) -> tuple[object, ...]:
    return suite.name, suite.schema, suite.ignores, suite.principals, suite.rows_as


def _is_same(before: str, text: str, path: Path, suite: Suite, new: list[Expectation]) -> bool:
    """Whether the text is the file with the new expectations behind the others, and nothing else."""
    try:
        after = loads(text, str(path))  # JSON is YAML, too
    except ContractError:
        return False
    was, now = _content(before), _content(text)
    had, has = was.pop("expectations", None) or [], now.pop("expectations")
    longer = has[: len(had)] == had and len(has) == len(had) + len(new)
    return longer and now == was and _header(after) == _header(suite) and set(new) <= set(after)


def _added(text: str, items: list[dict[str, object]], *, is_json: bool) -> str | None:
    """The text with the items in it; None where no place for them is found."""
    root = YAML(typ="safe", pure=True).compose(StringIO(text))
    if not isinstance(root, MappingNode) or (root.flow_style and not is_json):
        return None
    listed = next((value for key, value in root.value if getattr(key, "value", None) == "expectations"), None)
    return (_in_json if is_json else _in_yaml)(text, root, listed, items)


def _in_yaml(text: str, _root: MappingNode, listed: Node | None, items: list[dict[str, object]]) -> str | None:
    """Behind the last line of the list; or a list at the end of the file."""
    if listed is None:
        lines = "".join(f"  - {_line(one)}\n" for one in items)
        return f"{text.rstrip()}\n\nexpectations:\n{lines}"
    if isinstance(listed, SequenceNode):
        if not listed.flow_style:
            indent = " " * listed.start_mark.column
            return _after_line(text, last_line(listed), [f"{indent}- {_line(one)}" for one in items])
        inside = ", ".join(f"{{{_line(one)}}}" for one in items)
        end = listed.end_mark.index - 1
        return text[:end].rstrip() + (", " if listed.value else "") + inside + text[end:]
    return None


def _line(one: dict[str, object]) -> str:
    ((kind, fields),) = one.items()
    return f"{kind}: {flow(fields)}"


def _after_line(text: str, number: int, lines: list[str]) -> str:
    kept = text.splitlines(keepends=True)
    if number >= len(kept) or not kept[number].endswith("\n"):
        kept[-1] += "\n"
    return "".join([*kept[: number + 1], *(f"{line}\n" for line in lines), *kept[number + 1 :]])


def _in_json(text: str, root: MappingNode, listed: Node | None, items: list[dict[str, object]]) -> str | None:
    """Behind the last item, set in as that is; or a list of its own behind the last key."""
    lines = [json.dumps(one, ensure_ascii=False) for one in items]
    if listed is None:
        last = root.value[-1][1]
        body = ",\n    ".join(lines)
        end = last.end_mark.index
        return f'{text[:end]},\n  "expectations": [\n    {body}\n  ]{text[end:]}'
    if not isinstance(listed, SequenceNode):
        return None
    if not listed.value:
        start, end = listed.start_mark.index, listed.end_mark.index
        body = ",\n    ".join(lines)
        return f"{text[:start]}[\n    {body}\n  ]{text[end:]}"
    last_item = listed.value[-1]
    begin = text.rfind("\n", 0, last_item.start_mark.index) + 1
    indent = text[begin : last_item.start_mark.index]
    separator = f",\n{indent}" if not indent.strip() else ", "
    end = last_item.end_mark.index
    return text[:end] + "".join(separator + line for line in lines) + text[end:]

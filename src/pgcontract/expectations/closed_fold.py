"""Which parts of a relation a suite closes: what `closed` in its short form can stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.expectations.closed_relation import PARTS
from pgcontract.expectations.folding import lone
from pgcontract.expectations.usual import without_usual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.expectations.relation_fold import RelationFold
    from pgcontract.expectations.relation_form import RelationForm


# The key that says what a closed part says too, and with which value; `...` where that may be any.
_IMPLIED: dict[str, tuple[str, Any]] = {
    "parents": ("parents", ...),
    "policies": ("policies", {}),
    "rules": ("rules", {}),
    "storage": ("storage", {"persistence": "permanent", "parameters": []}),
    "clustering": ("clustered_on", None),
    "replica identity": ("replica_identity", "default"),
    "acl": ("acl", {}),
    "comments": ("comment", None),
}


def closed_parts(
    content: dict[str, Any], model: type[RelationForm], fold: RelationFold, noun: str, parts: Sequence[str]
) -> dict[str, Any]:
    """The content with the key `closed`, if a suite says of some parts that there is nothing but what is written.

    What is then said by that key is not said by others too.
    """
    bare = _without_sequences(content) if "sequences" in parts else content
    if bare != content and "sequences" in _said(bare, model, fold, noun, ["sequences"]):
        content = bare
    lean = without_usual(content)
    usual, whole = lean is not None and lean != content, content
    content = content if lean is None else lean
    parts = [part for part in parts if part != "properties" or lean is not None]
    implied = {part: _IMPLIED[part][0] for part in parts if _is_implied(part, content)}
    without = {key: value for key, value in content.items() if key not in implied.values()}
    said = _said(without, model, fold, noun, parts)
    back = {key for part, key in implied.items() if part not in said}
    kept = {key: value for key, value in content.items() if key in without or key in back}
    said = _said(kept, model, fold, noun, parts) if back else said
    if lean is not None and len(said) == len(parts):
        return {**kept, "closed": True}
    closed = [part for part, each in said.items() if each or (usual and part == "properties")]
    if usual and "properties" not in closed:  # the content makes no form
        return whole
    return {**kept, "closed": closed} if closed else kept


def _without_sequences(content: dict[str, Any]) -> dict[str, Any]:
    """The content without what is said of sequences behind columns only to say that there is nothing."""
    columns: dict[str, Any] = {}
    for name, column in content.get("columns", {}).items():
        identity = column.get("identity") if isinstance(column, dict) else None
        if isinstance(identity, dict):
            kept = {
                key: value for key, value in identity.items() if (key, value) not in (("acl", {}), ("comment", None))
            }
            columns[name] = {**column, "identity": lone(kept, "generated")}
        else:
            columns[name] = column
    return {**content, **({"columns": columns} if columns else {})}


def _is_implied(part: str, content: dict[str, Any]) -> bool:
    key, value = _IMPLIED.get(part, ("", None))
    return key in content and value in (..., content[key])


def _said(
    content: dict[str, Any], model: type[RelationForm], fold: RelationFold, noun: str, parts: Sequence[str]
) -> dict[str, list[Expectation]]:
    """The parts that the suite closes as the content has them, and what each stands for."""
    try:
        form = model.model_validate(content)
    except ValidationError:
        return {}
    made = {part: _made(form, part, fold, noun) for part in parts}
    return {part: each for part, each in made.items() if each is not None and fold.said.there.issuperset(each)}


def _made(form: RelationForm, part: str, fold: RelationFold, noun: str) -> list[Expectation] | None:
    """What the part stands for; None where something has no name that should have one."""
    try:
        return [each.placed(fold.said.schema) for each in form.over(PARTS[part](form, noun, fold.name))]
    except (ValidationError, TypeError):
        return None

"""Which parts of a relation a suite closes: what `closed` in its short form can stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.expectations.closed_relation import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.expectations.relation_fold import RelationFold
    from pgcontract.expectations.relation_form import RelationForm


# What a key says where a closed part says it too.
_IMPLIED: dict[str, tuple[str, Any]] = {
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
    implied = {part: _IMPLIED[part] for part in parts if part in _IMPLIED}
    without = {key: value for key, value in content.items() if (key, value) not in implied.values()}
    try:
        form = model.model_validate(without)
    except ValidationError:
        return content
    made = {part: _made(form, part, fold, noun) for part in parts}
    said = {part: each for part, each in made.items() if each is not None and fold.said.there.issuperset(each)}
    back = dict(implied[part] for part in implied.keys() - said.keys())
    closed = True if len(said) == len(made) else [part for part, each in said.items() if each]
    kept = {key: value for key, value in content.items() if key in without or key in back}
    return {**kept, "closed": closed} if closed else kept


def _made(form: RelationForm, part: str, fold: RelationFold, noun: str) -> list[Expectation] | None:
    """What the part stands for; None where something has no name that should have one."""
    try:
        return [each.placed(fold.said.schema) for each in form.over(PARTS[part](form, noun, fold.name))]
    except (ValidationError, TypeError):
        return None

"""What the short forms of contract files share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, create_model

from pgcontract.contract.expectation import COMMON, Tags
from pgcontract.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.contract.expectation import Expectation


class Short(BaseModel):
    """A short form: what its expectations have, and what they have in common.

    Attributes:
        severity: For all that it stands for, and that does not say it for itself.
        tags: For all that it stands for, beside its own.
        because: For all that it stands for, and that does not say it for itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    severity: Severity = "error"
    tags: Tags = frozenset()
    because: str | None = None

    def given(self, *apart: str) -> dict[str, Any]:
        """The fields that the author wrote, apart from those named."""
        return {name: getattr(self, name) for name in self.model_fields_set.difference(apart)}

    def over(self, expectations: Iterable[Expectation]) -> Iterator[Expectation]:
        """The expectations with what this form says of all of them."""
        said = self.model_fields_set.intersection(COMMON)
        if not said:
            yield from expectations
            return
        for expectation in expectations:
            update: dict[str, Any] = {name: getattr(self, name) for name in said - expectation.model_fields_set}
            yield expectation.model_copy(update=update | {"tags": frozenset(expectation.tags).union(self.tags)})


F = TypeVar("F", bound=Short)


def stating(expectation: type[Expectation], *place: str) -> Callable[[type[F]], type[F]]:
    """Give a form the fields of the expectation that it stands for, but for those that its place in the file says.

    Fields that the form declares itself are kept. So a field that an expectation gains, its short form has too.
    """

    def complete(form: type[F]) -> type[F]:
        fields: dict[str, Any] = {
            name: (field.annotation, field)
            for name, field in expectation.model_fields.items()
            if name not in COMMON and name not in place and name not in form.model_fields
        }
        made = create_model(form.__name__, __base__=form, __module__=form.__module__, __doc__=form.__doc__, **fields)
        form.__name__ = f"_{form.__name__}"  # mistakes name the complete one
        return made

    return complete


def bare(key: str, otherwise: Any) -> BeforeValidator:
    """A bare value, whose type in JSON is `otherwise`, stands for the mapping that has it under the key."""
    return BeforeValidator(
        lambda value: value if isinstance(value, dict | BaseModel) else {key: value}, json_schema_input_type=otherwise
    )


def bounds(value: Any) -> Any:
    """Two bounds, of which one may be null, as the mapping that they stand for; anything else as it is."""
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004
        return value
    pairs = zip(("at_least", "at_most"), value, strict=True)
    return {name: bound for name, bound in pairs if bound is not None}


def bare_bounds(content: dict[str, Any]) -> Any:
    """The shortest that says the same as the content of a form that has bounds, or says how many exactly."""
    if content.keys() == {"exactly"}:
        return content["exactly"]
    if content and content.keys() <= {"at_least", "at_most"}:
        return [content.get("at_least"), content.get("at_most")]
    return content

"""What the short forms of contract files share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from pgcontract.contract.expectation import COMMON, Tags
from pgcontract.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.contract.expectation import Expectation


class Short(BaseModel):
    """A short form: what its expectations have, and what they have in common.

    Attributes:
        severity: For all that it stands for, and that does not say it for itself.
        tags: For all that it stands for, beside its own.
        because: For all that it stands for, and that does not say it for itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity = "error"
    tags: Tags = frozenset()
    because: str | None = None

    def given(self, *apart: str) -> dict[str, Any]:
        """The fields that the author wrote, apart from those named."""
        return {name: getattr(self, name) for name in self.model_fields_set.difference(apart)}

    def over(self, expectations: Iterable[Expectation]) -> Iterator[Expectation]:
        """The expectations with what this form says of all of them."""
        said = self.model_fields_set.intersection(COMMON)
        for expectation in expectations:
            update: dict[str, Any] = {name: getattr(self, name) for name in said - expectation.model_fields_set}
            yield expectation.model_copy(update=update | {"tags": frozenset(expectation.tags).union(self.tags)})


def bare(key: str, otherwise: Any) -> BeforeValidator:
    """A bare value, whose type in JSON is `otherwise`, stands for the mapping that has it under the key."""
    return BeforeValidator(
        lambda value: value if isinstance(value, dict | BaseModel) else {key: value}, json_schema_input_type=otherwise
    )

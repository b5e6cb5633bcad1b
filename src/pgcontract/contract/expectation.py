"""Expectations, and the three lanes that they run in.

An expectation is a frozen pydantic model: fields by position or keyword, equal by value, hashable. Its docstring's
first sentence says what holds, with `{field}` where a value belongs; docs, `explain` and reports all print it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, dataclass_transform

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic._internal._model_construction import ModelMetaclass

from pgcontract.contract.placing import placed
from pgcontract.verdict import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.aggregate import ExampleQuery, Guarantee, Question, Values
    from pgcontract.contract.session import Session


@dataclass_transform(kw_only_default=False, frozen_default=True, field_specifiers=(Field,))
class PositionalModel(ModelMetaclass):
    """Tells type checkers that fields may be given by position, which pydantic's own metaclass denies."""


Tags = Annotated[
    Sequence[str] | AbstractSet[str],
    BeforeValidator(
        lambda value: frozenset([value]) if isinstance(value, str) else value, json_schema_input_type=str | list[str]
    ),
    AfterValidator(frozenset),
]
"""Words, or one alone; kept as a frozenset. A `str` is a Sequence to type checkers, so `tags="core"` is one to them."""

COMMON = ("severity", "tags", "because")
"""The fields that every expectation has."""


class Expectation(BaseModel, metaclass=PositionalModel):
    """What all expectations have in common. Derive from one of the three lanes, not from this."""

    # Of some three hundred kinds a contract has a few dozen: only those are built, when they are first used.
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, defer_build=True)

    severity: Severity = Field(default="error", kw_only=True, description="How much a failure matters.")
    tags: Tags = Field(default=frozenset(), kw_only=True, description="Words to select by.")
    because: str | None = Field(default=None, kw_only=True, description="Why this is wanted.")

    lane: ClassVar[str] = ""
    states: ClassVar[str] = ""
    """The noun whose existence it states and nothing else: a missing one fails as this expectation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        super().__init__(**_by_name(type(self), args, kwargs))

    # pydantic takes a model's own __init__ for a custom one and then validates without a context, which would lose the
    # suite's schema; this one adds nothing but positions.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        """The names of the fields that may be given by position, in order."""
        known: Any = cls  # that classes are hashable, pyright doubts
        return _positional(known)

    @classmethod
    def own(cls) -> tuple[str, ...]:
        """The names of all fields but those that every expectation has: those by position, then those by keyword."""
        known: Any = cls
        return (*_positional(known), *_by_keyword(known))

    @property
    def kind(self) -> str:
        """The class name: what a contract file calls it."""
        return type(self).__name__

    @property
    def belongs_to(self) -> str | None:
        """The relation that it belongs to: the value of the first field that names one."""
        from pgcontract.contract.describe import relation  # noqa: PLC0415 - describe needs this module

        return relation(self)

    @property
    def subject(self) -> str:
        """The canonical name of what it speaks of: `public.users.id`."""
        from pgcontract.contract.describe import subject  # noqa: PLC0415 - describe needs this module

        return subject(self)

    def placed(self, schema: str) -> Self:
        """The same expectation with its bare names in a schema."""
        return placed(self, schema)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; what is updated is validated, as all is that an expectation holds.

        Raises:
            pydantic.ValidationError: It is not valid.
        """
        if not update:
            return super().model_copy(deep=deep)
        return self.model_validate({name: getattr(self, name) for name in self.model_fields_set} | dict(update))

    def requires(self) -> Iterable[Expectation]:
        """Expectations that must hold before this one is worth checking; else it is skipped for that reason.

        Objects need not be listed: looking up one that is missing has the same effect.
        """
        return ()

    def forms(self) -> Iterable[Form]:
        """What the author wrote that Postgres must put into its own form before it is compared."""
        return ()

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """What is not as it is by default: the representation can be evaluated."""
        for name in (*COMMON, *self.own()):
            field, value = type(self).model_fields[name], getattr(self, name)
            if field.is_required() or value != field.default:
                yield name, value

    def __hash__(self) -> int:
        values = [self.__dict__[name] for name in type(self).__pydantic_fields__]
        try:
            return hash((self.kind, *values))
        except TypeError:
            return hash((self.kind, *map(_hash, values)))


def _hash(value: Any) -> int:
    """Equal values hash alike; what holds JSON has no hash of its own, and no text that is the same for equal ones."""
    try:
        return hash(value)
    except TypeError:
        return 0


@cache
def _positional(cls: type[Expectation]) -> tuple[str, ...]:
    return tuple(name for name, field in cls.model_fields.items() if name not in COMMON and not field.kw_only)


@cache
def _by_keyword(cls: type[Expectation]) -> tuple[str, ...]:
    return tuple(name for name, field in cls.model_fields.items() if name not in COMMON and field.kw_only)


def _by_name(cls: type[Expectation], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    if not args:
        return kwargs
    names = cls.positional()
    if len(args) > len(names):
        raise TypeError(f"{cls.__name__} takes {len(names)} positional arguments ({', '.join(names)}), not {len(args)}")
    given = dict(zip(names, args, strict=False))
    if not kwargs:
        return given
    twice = given.keys() & kwargs.keys()
    if twice:
        raise TypeError(f"{cls.__name__} got {', '.join(sorted(twice))} both by position and by keyword")
    return {**given, **kwargs}


class CatalogExpectation(Expectation):
    """An expectation on the catalog: pure, without I/O, and so runnable on a saved snapshot."""

    lane: ClassVar[str] = "catalog"

    @abstractmethod
    def check(self, catalog: Catalog) -> Iterator[Finding]:
        """Yield what is wrong; nothing if it holds.

        Raises:
            MissingObjectError: By looking up what is not there, so that this one is skipped for that reason.
        """


class ProbeExpectation(Expectation):
    """An expectation on behaviour: it acts in a session, inside a transaction that is always rolled back."""

    lane: ClassVar[str] = "probe"

    @abstractmethod
    def probe(self, session: Session) -> Iterator[Finding]:
        """Yield what is wrong; nothing if it holds.

        Raises:
            MissingObjectError: By looking up what is not there, so that this one is skipped for that reason.
            CannotProbe: It cannot be told here, so that this one is skipped with the reason given.
        """


class DataExpectation(Expectation):
    """An expectation on rows: it says what it asks, and judges the answers. It never sends a statement itself.

    `contract/rows.py` has what most of them derive from.
    """

    lane: ClassVar[str] = "data"

    @abstractmethod
    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        """What proves that it holds; all aggregates on one relation are computed in one scan.

        Raises:
            MissingObjectError: By looking up what is not there, so that this one is skipped for that reason.
        """

    @abstractmethod
    def judge(self, values: Values) -> Iterator[Finding]:
        """Yield what is wrong with the values; nothing if it holds. It is asked twice, without and with examples."""

    def details(self, values: Values) -> Iterable[Question]:  # noqa: ARG002 - for those that override it
        """What it asks besides, in a second scan, where the first has not proved that it holds.

        `judge` must do without, should the second scan fail.
        """
        return ()

    def examples(self, relation: RelationRecord) -> ExampleQuery | None:  # noqa: ARG002 - as above
        """Which rows to show when it failed."""
        return None

    def guaranteed(self, catalog: Catalog) -> Guarantee | None:  # noqa: ARG002 - as above
        """What in the catalog guarantees that it holds; then the rows are not looked at."""
        return None

    def written(self) -> Iterable[str]:
        """The SQL texts of the author's that are part of what it asks, each put between brackets."""
        return ()

    def remark(self, values: Values) -> str | None:  # noqa: ARG002 - as above
        """What a reader must know to take a pass for no more than it is: that only a sample was read."""
        return None

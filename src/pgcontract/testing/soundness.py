"""What is true of every expectation that contracts, reports, editors and other processes can do with."""

from __future__ import annotations

import inspect
import pickle
import re
from typing import TYPE_CHECKING

from pgcontract.contract import registry
from pgcontract.contract.describe import sentence
from pgcontract.contract.load import loads
from pgcontract.contract.suite import Suite
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation

_FIELD = re.compile(r"\{(\w+)\}")


def sound(expectation: Expectation) -> None:
    """Prove that an expectation is the equal of the built-in ones, apart from what it checks.

    It is a value, also in another process; a contract file gives it back; it is offered by its name; its class's
    docstring says in a sentence what holds, with its fields, and shows how it is written.

    Raises:
        AssertionError: The message says all that is wrong.
    """
    wrong = list(_wrong(expectation))
    if wrong:
        raise AssertionError("\n".join(f"{expectation.kind}: {each}" for each in wrong))


def _wrong(expectation: Expectation) -> Iterator[str]:
    cls, suite = type(expectation), Suite("sound", [expectation])
    (placed,) = suite
    try:
        known = registry.expectation(expectation.kind)
    except ContractError as error:
        yield str(error)
        return
    if known is not cls:
        yield f"to a contract that name is {known.__module__}.{known.__qualname__}"
        return
    yield from _of_files(suite)
    try:
        again = pickle.loads(pickle.dumps(placed))  # noqa: S301 - our own
    except Exception as error:  # noqa: BLE001 - whatever its fields raise
        yield f"it cannot be sent to another process: {error}"
    else:
        if again != placed or hash(again) != hash(placed):
            yield "in another process it is another value"
    yield from _of_words(cls, placed)


def _of_files(suite: Suite) -> Iterator[str]:
    try:
        text = suite.to_yaml()
        again = loads(text)
    except Exception as error:  # noqa: BLE001 - whatever its fields raise
        yield f"a contract file cannot hold it: {error}"
        return
    if again != suite:
        yield f"a contract file gives back another one: {text}"


def _of_words(cls: type[Expectation], expectation: Expectation) -> Iterator[str]:
    own = cls.__dict__.get("__doc__")
    if not own:
        yield "its class has no docstring, whose first sentence reports print"
        return
    text = inspect.cleandoc(own)
    if not text.splitlines()[0].endswith("."):
        yield "the first line of the docstring is no sentence"
    unknown = [name for name in _FIELD.findall(text.splitlines()[0]) if name not in cls.model_fields]
    if unknown:
        yield f"the docstring's first sentence names what is no field: {', '.join(unknown)}"
    elif _FIELD.search(sentence(expectation)):
        yield f"the sentence lacks a value: {sentence(expectation)}"
    if "\nExample:\n" not in text:
        yield "the docstring has no `Example:`"

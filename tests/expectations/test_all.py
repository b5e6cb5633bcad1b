"""What is true of every expectation that is offered, so that a new one cannot be forgotten."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

import pgcontract
from pgcontract import Suite
from pgcontract.contract import registry
from pgcontract.contract.describe import sentence, summary
from pgcontract.contract.expectation import COMMON, Expectation
from pgcontract.contract.load import load, loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.testing import Case

HERE = Path(__file__).parent
KINDS = sorted(name for name, cls in registry.offered().items() if cls.__module__.startswith("pgcontract."))
EXAMPLE = re.compile(r"^Example:\n(.+?)\n\n", re.DOTALL | re.MULTILINE)


@cache
def cases() -> tuple[Case, ...]:
    """Every case of this folder; the modules are read anew, for tests cannot import each other."""
    found: list[Case] = []
    for path in sorted(HERE.glob("test_*.py")):
        if path != Path(__file__):
            spec = importlib.util.spec_from_file_location(f"cases_{path.stem}", path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found += getattr(module, "CASES", ())
    return tuple(found)


def every_kind(check: Callable[[str], None]) -> Callable[[], None]:
    """One test of all kinds: each by itself would cost more than it checks. A failure says of which it is."""

    def test() -> None:
        for kind in KINDS:
            try:
                check(kind)
            except BaseException as error:
                error.add_note(f"of {kind}")
                raise

    return test


@cache
def by_kind() -> dict[str, list[Expectation]]:
    found: dict[str, list[Expectation]] = {}
    for case in cases():
        found.setdefault(case.expectation.kind, []).append(case.expectation)
    return found


def of_kind(kind: str) -> list[Expectation]:
    return by_kind().get(kind, [])


def docstring(kind: str) -> str:
    return inspect.cleandoc(registry.offered()[kind].__doc__ or "")


@every_kind
def test_each_has_a_case_which_holds_and_breaks(kind: str) -> None:
    assert of_kind(kind), f"no Case of tests/expectations is about {kind}"


@every_kind
def test_each_field_is_in_a_case(kind: str) -> None:
    used = {name for expectation in of_kind(kind) for name in expectation.model_fields_set}
    assert set(registry.offered()[kind].positional()) <= used


@every_kind
def test_the_docstring_is_whole(kind: str) -> None:
    text, cls = docstring(kind), registry.offered()[kind]
    places = re.findall(r"\{(\w+)\}", summary(cls))
    assert text.splitlines()[0].endswith("."), "the first line is the sentence that reports print"
    assert set(places) <= set(cls.positional())
    assert EXAMPLE.search(text), "the docstring has no example"
    assert "\nRepair: " in text, "the docstring does not say how to repair"
    assert len(text.split("\n\n")) >= 3


@every_kind
def test_the_example_can_be_evaluated(kind: str) -> None:
    found = EXAMPLE.search(docstring(kind))
    assert found is not None
    public = {name: getattr(pgcontract, name) for name in pgcontract.__all__}
    value = eval(found[1], public)  # noqa: S307 - our own docstring
    assert value.kind == kind
    assert "{" not in sentence(value)


@every_kind
def test_the_sentence_has_the_values(kind: str) -> None:
    for expectation in of_kind(kind):
        placed = expectation.placed("public")
        left = set(re.findall(r"\{(\w+)\}", sentence(placed)))
        assert not left & set(type(placed).model_fields)
        assert placed.subject


@every_kind
def test_files_give_back_what_was_written(kind: str) -> None:
    suite = Suite("all", of_kind(kind))
    assert loads(suite.to_yaml()) == suite
    with TemporaryDirectory() as folder:
        Path(folder, "contract.json").write_text(suite.to_json(), "utf-8")
        assert load(Path(folder)) == suite


@every_kind
def test_expectations_are_values(kind: str) -> None:
    public = {name: getattr(pgcontract, name) for name in pgcontract.__all__}
    for expectation in of_kind(kind):
        fields = {name: getattr(expectation, name) for name in type(expectation).model_fields}
        again = type(expectation)(**fields)
        positional = type(expectation).positional()
        keywords = {name: fields[name] for name in set(type(expectation).own()) - set(positional)}
        by_position = type(expectation)(*(fields[name] for name in positional), **keywords)
        for equal in (again, by_position, expectation.model_copy(), expectation.placed("public").placed("other")):
            if equal == expectation:
                assert hash(equal) == hash(expectation)
        assert again == expectation == by_position
        assert expectation.placed("public") == expectation.placed("public").placed("other")
        assert expectation.model_copy(update={"severity": "info"}) != expectation
        assert eval(repr(expectation), public | {"frozenset": frozenset}) == expectation  # noqa: S307
        with pytest.raises(Exception, match="frozen"):
            expectation.severity = "info"


@every_kind
def test_unknown_fields_are_refused(kind: str) -> None:
    cls = registry.offered()[kind]
    fields = {name: getattr(of_kind(kind)[0], name) for name in cls.positional()}
    with pytest.raises(ValueError, match="extra"):
        cls(**fields, nonsense=1)
    with pytest.raises(TypeError, match="positional"):
        cls(*range(len(cls.positional()) + 1))
    first = cls.positional()[0]
    with pytest.raises(TypeError, match="both by position and by keyword"):
        cls(fields[first], **{first: fields[first]})


def test_no_two_cases_have_one_name() -> None:
    for path in sorted(HERE.glob("test_*.py")):
        names = re.findall(r'^        name="([^"]+)"', path.read_text("utf-8"), re.MULTILINE)
        assert len(names) == len(set(names)), path.name


def public_imports() -> dict[str, str]:
    """The names that the package's TYPE_CHECKING block imports, with their modules."""
    tree = ast.parse(inspect.getsource(pgcontract))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: node.module or ""
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_the_public_names_are_stated_alike_three_times() -> None:
    home = vars(pgcontract)["_HOME"]
    imports = public_imports()
    assert sorted(pgcontract.__all__) == sorted({*imports, "__version__"})
    assert {name: module for name, module in imports.items() if name != "embedded"} == home
    assert set(dir(pgcontract)) == set(pgcontract.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        pgcontract.Nonsense  # noqa: B018


def test_each_public_name_lives_where_it_says() -> None:
    public = {name: getattr(pgcontract, name) for name in pgcontract.__all__}
    documented = {name: value for name, value in public.items() if inspect.isclass(value) or inspect.isfunction(value)}
    assert len(documented) > len(KINDS)
    assert [name for name, value in documented.items() if value.__name__ != name] == []
    assert [name for name, value in documented.items() if not value.__doc__] == []


@every_kind
def test_each_expectation_is_public(kind: str) -> None:
    assert getattr(pgcontract, kind) is registry.offered()[kind]


@every_kind
def test_the_common_fields_are_keywords_alone(kind: str) -> None:
    assert not set(COMMON) & set(registry.offered()[kind].positional())

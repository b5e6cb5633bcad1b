"""Where expectations are found: what is offered is known without importing it, and only what is named is imported."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

import pytest

from pgcontract import CatalogExpectation, ContractError, TableExists, expectations
from pgcontract.contract import registry
from pgcontract.contract.offers import Offers
from pgcontract.contract.section import Section
from pgcontract.expectations.homes import OFFERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


class Moons(CatalogExpectation):
    """There are moons."""

    states: ClassVar[str] = "moon"


class Orbits(Section):
    key: ClassVar[str] = "orbits"

    def expand(self) -> Iterator[Expectation]:
        yield from ()


def stated_imports() -> dict[str, str]:
    """The names that the package's TYPE_CHECKING block imports, with their modules."""
    tree = ast.parse(inspect.getsource(expectations))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    found = (node for node in ast.walk(block) if isinstance(node, ast.ImportFrom))
    return {alias.name: node.module or "" for node in found for alias in node.names}


def test_each_class_is_where_the_table_says() -> None:
    kinds, sections = registry.offered(), registry.sections()
    assert {name: cls.__module__ for name, cls in kinds.items()} == OFFERS.kinds
    assert {key: f"{cls.__module__}:{cls.__name__}" for key, cls in sections.items()} == OFFERS.sections
    assert all(cls.__name__ == name for name, cls in kinds.items())
    assert all(cls.key == key for key, cls in sections.items())
    assert {cls.states: name for name, cls in kinds.items() if cls.states} == OFFERS.nouns


def test_the_names_are_stated_alike_for_type_checkers_and_for_readers() -> None:
    sections = {cls: module for module, _, cls in (place.partition(":") for place in OFFERS.sections.values())}
    assert stated_imports() == {**OFFERS.kinds, **sections}
    assert sorted(expectations.__all__) == sorted(stated_imports()) == dir(expectations)
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        expectations.Nonsense  # noqa: B018


LOADING = """
import sys
from pgcontract.contract.load import loads
suite = loads("suite: few\\nexpectations:\\n- RowCount: {table: t, at_least: 1}\\n- TableExists: t\\n")
parts = ("pgcontract.expectations.", "pgcontract.synth", "ruamel")
print(*sorted(name for name in sys.modules if name.startswith(parts)))
"""


def test_a_contract_imports_what_it_names() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    imported = {name.removeprefix("pgcontract.expectations.") for name in done.stdout.split()}
    assert {"rows", "tables"} <= imported
    assert not imported & {"columns", "policies", "rls", "sections", "table"}
    assert len(imported) < 10
    assert "synth" not in done.stdout
    assert "ruamel" not in done.stdout


def offering(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Let the modules be what installed packages offer, in this order, and nothing else."""
    points = [EntryPoint(f"p{n}", module.__name__, registry.GROUP) for n, module in enumerate(modules)]
    for module in modules:
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == registry.GROUP else [])
    forget()


def forget() -> None:
    for cached in (registry.offered, registry.sections, registry.packages):
        cached.cache_clear()


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    yield
    forget()


def module(name: str, **names: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(names)
    return made


def test_a_package_that_says_where_things_are_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = Offers({"Moons": "acme_moons"}, {"orbits": "acme_moons:Orbits"}, {"moon": "Moons"})
    offering(monkeypatch, module("acme", __offers__=offers))
    assert "Moons" in registry.offered()
    assert list(registry.sections()) == ["orbits"]
    with pytest.raises(ContractError, match=r"expectations in acme cannot be loaded: No module named 'acme_moons'"):
        registry.expectation("Moons")
    monkeypatch.setitem(sys.modules, "acme_moons", module("acme_moons", Moons=Moons, Orbits=Orbits))
    assert registry.expectation("Moons") is Moons
    assert registry.sections()["orbits"] is Orbits
    assert list(registry.stating("moon")) == [Moons]
    assert not list(registry.stating("sun"))


def test_a_plain_module_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = module("acme", Moons=Moons, Orbits=Orbits, Section=Section, CatalogExpectation=CatalogExpectation, other=1)
    offering(monkeypatch, plain)
    assert dict(registry.offered()) == {"Moons": Moons}
    assert dict(registry.sections()) == {"orbits": Orbits}
    assert list(registry.stating("moon")) == [Moons]


def test_what_two_packages_call_the_same_must_be_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = module("ours", __offers__=OFFERS)
    offering(monkeypatch, ours, module("again", TableExists=TableExists))
    assert registry.expectation("TableExists") is TableExists

    impostor = type("TableExists", (Moons,), {"__module__": "acme"})
    offering(monkeypatch, ours, module("acme", TableExists=impostor))
    with pytest.raises(ContractError, match=r"acme offers an expectation TableExists, which pgcontract\.expectations"):
        registry.offered()

    tables = type("Tables", (Orbits,), {"__module__": "acme", "key": "tables"})
    offering(monkeypatch, ours, module("acme", Tables=tables))
    with pytest.raises(ContractError, match=r"acme offers a section tables, which pgcontract\.expectations\.table has"):
        registry.sections()

    offering(monkeypatch, module("acme", A=type("Moons", (Moons,), {}), B=Moons))
    with pytest.raises(ContractError, match="acme offers an expectation Moons, which"):
        registry.offered()


def test_an_entry_that_cannot_be_loaded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch)
    monkeypatch.setattr(registry, "entry_points", lambda **_: [EntryPoint("x", "no_such_module", registry.GROUP)])
    with pytest.raises(ContractError, match="offers expectations in no_such_module cannot be loaded"):
        registry.offered()

"""The database that contracts are tested on, and private ones that are made of a template."""

from __future__ import annotations

import itertools
import secrets
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from pgcontract.errors import PgContractError, SetupError
from pgcontract.integrations import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Sequence

    from pgcontract.embedded import Databases

EMBEDDED = "embedded"

Recipe: TypeAlias = "str | Path | Sequence[str | Path] | Callable[[str], object] | None"
"""What a database is made by: files, folders and platforms, or a function of its URL; None leaves it empty."""


class Place:
    """Where a process of pytest has its databases: one server, one template for each recipe, a copy for each test."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._templates: dict[Hashable, str | PgContractError] = {}
        self._numbers = itertools.count()
        self._prefix = f"pgcontract_{secrets.token_hex(4)}"
        self._private: str | None = None

    @cached_property
    def settings(self) -> settings.Settings:
        """What pgcontract's own configuration says, from pytest's root folder.

        Raises:
            ContractError: It cannot be used.
        """
        return settings.settings(self._config.rootpath)

    @property
    def probes(self) -> Any:
        """What probes may do."""
        return self._told("probes") or self.settings.probes

    def url(self) -> str:
        """The database that contracts are tested on; a private one is made when it is first asked for.

        Raises:
            ContractError: The configuration cannot be used.
            SetupError: There is a setup for a database that is not private, or it fails.
            DatabaseError: The private server cannot be started.
        """
        url = settings.database(self._told("db"), self.settings.db)
        if url == EMBEDDED:
            if self._private is None:
                self._private = self._copy(self.configured_setup())
            return self._private
        if self._config.getoption("--pgcontract-setup"):
            raise SetupError(
                "--pgcontract-setup is for private databases, and the database is not one: each process of pytest "
                "would run it"
            )
        return url

    def configured_setup(self) -> Sequence[str]:
        """What private databases start from, by the command line, pytest's settings or pgcontract's own."""
        told: Sequence[str] = self._config.getoption("--pgcontract-setup") or []
        if told:
            return [settings.beside(self._config.invocation_params.dir, item) for item in told]
        folder = self._config.inipath.parent if self._config.inipath is not None else self._config.rootpath
        said: Sequence[str] = self._config.getini("pgcontract_setup")
        return [settings.beside(folder, item) for item in said] or self.settings.setup

    @contextmanager
    def fresh(self, recipe: Recipe) -> Generator[str]:
        """The URL of a database as the recipe makes it; it is dropped at the end.

        Raises:
            pytest.fail.Exception: It cannot be made; nothing but the reason is shown.
        """
        name = self._name()
        try:
            url = self._server.create_database(name, self._template(recipe))
        except PgContractError as error:
            raise pytest.fail.Exception(in_words(error), pytrace=False) from None
        try:
            yield url
        finally:
            self._server.drop_database(name)

    def close(self) -> None:
        """Drop what was made, and stop the server if it is ours."""
        if "_server" in self.__dict__:
            for number in range(next(self._numbers)):
                self._server.drop_database(f"{self._prefix}_{number}")
            self._server.close()

    @cached_property
    def _server(self) -> Databases:
        from pgcontract.embedded import Databases, Server  # noqa: PLC0415 - most runs need none

        told = self._told("server")
        return Databases(told) if told else Server()

    def _copy(self, recipe: Recipe) -> str:
        return self._server.create_database(self._name(), self._template(recipe))

    def _template(self, recipe: Recipe) -> str | None:
        """The template that the recipe makes, when it is first asked for; where it fails, it is not tried again."""
        if not recipe:
            return None
        key: Hashable = recipe if callable(recipe) else _items(recipe)
        if key not in self._templates:
            name = self._name()
            url = self._server.create_database(name)
            try:
                _make(url, recipe)
                self._server.make_template(name)
            except PgContractError as error:
                self._templates[key] = error
            else:
                self._templates[key] = name
        made = self._templates[key]
        if isinstance(made, PgContractError):
            raise made
        return made

    def _name(self) -> str:
        return f"{self._prefix}_{next(self._numbers)}"

    def _told(self, name: str) -> str:
        told: str = self._config.getoption(f"--pgcontract-{name}") or self._config.getini(f"pgcontract_{name}")
        return told


def in_words(error: PgContractError) -> str:
    """What is wrong, and what to try."""
    return f"{error}\n{error.hint}" if error.hint else str(error)


def _items(recipe: str | Path | Sequence[str | Path]) -> tuple[str | Path, ...]:
    return (recipe,) if isinstance(recipe, str | Path) else tuple(recipe)


def _make(url: str, recipe: str | Path | Sequence[str | Path] | Callable[[str], object]) -> None:
    if callable(recipe):
        recipe(url)
        return
    from pgcontract.embedded import apply_setup  # noqa: PLC0415 - where there is something to set up

    apply_setup(url, _items(recipe))

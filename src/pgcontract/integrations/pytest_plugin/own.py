"""Contracts in tests of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract.load import load
from pgcontract.contract.suite import Suite
from pgcontract.errors import ContractError, PgContractError
from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from pathlib import Path

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.integrations.pytest_plugin.databases import Place
    from pgcontract.run.target import Target
    from pgcontract.verdict import Report


class Verifier:
    """Verifies contracts: what the fixture `contract` is."""

    def __init__(self, place: Place, root: Path) -> None:
        self._place = place
        self._root = root

    def __call__(
        self, contract: Suite | str | Path | None = None, db: Target | Catalog | None = None, **options: Any
    ) -> Report:
        """The report on a contract.

        Args:
            contract: A suite, or where one is, from pytest's root folder; the configured one when None.
            db: A URL, a connection, an engine, a catalog that was read before; the configured database when None.
            options: As of `verify`; `probes` and `baseline` are the configured ones where they are not given.

        Raises:
            ContractError: There is no such contract, or it cannot be used.
            DatabaseError: The database cannot be reached or read.
        """
        __tracebackhide__ = True
        try:
            options.setdefault("probes", self._place.probes)
            options.setdefault("baseline", self._place.settings.baseline or ())
            return verify(self._suite(contract), self._place.url() if db is None else db, **options)
        except PgContractError as error:
            if error.hint:
                error.add_note(error.hint)
            raise error.with_traceback(None) from None

    def _suite(self, contract: Suite | str | Path | None) -> Suite:
        if isinstance(contract, Suite):
            return contract
        source = contract if contract is not None else self._place.settings.contract
        if source is None:
            raise ContractError("no contract was named: contract('contract.yaml')")
        here = self._root / source
        return load(here if here.exists() else source)

"""`pgcontract schema`."""

from __future__ import annotations

from pgcontract.cli.console import put


def schema() -> None:
    """Print the JSON Schema of contract files, by which editors complete and check them."""
    import json

    from pgcontract.contract.schema import contract_schema

    put(json.dumps(contract_schema(), indent=2) + "\n")

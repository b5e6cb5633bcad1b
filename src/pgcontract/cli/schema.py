"""`pgcontract schema`."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of contract files, by which editors complete and check them."""
    from pgcontract.contract.schema import contract_schema

    typer.echo(json.dumps(contract_schema(), indent=2))

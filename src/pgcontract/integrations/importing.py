"""Files of another standard, whichever it is, as a suite."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.contract.load import read
from pgcontract.contract.suite import Suite
from pgcontract.errors import ContractError
from pgcontract.integrations.standards.imported import Imported, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.contract.document import Document

_ODCS = ("apiVersion", "datasetDomain", "quantumName")
"""Keys of a data contract; the last two are of version 2."""


def imported(
    files: Sequence[str | Path],
    *,
    name: str | None = None,
    schema: str | None = None,
    schemas: Mapping[str, str] | None = None,
    assume: str = "",
) -> Imported:
    """The suite of data contracts of the Open Data Contract Standard, or of schema files of dbt.

    Args:
        files: The files; of dbt, folders too.
        name: What the suite is called; else as the first file says.
        schema: The schema of bare names.
        schemas: By the name of a schema in the files, what it is called in the database.
        assume: The kind of a relation that does not say its own: `table`, `view`; else any will do.

    Raises:
        ContractError: A file cannot be used; each line of the message has its place. Or two do not go together.
    """
    given: dict[str, Any] = {"schema": schema, "schemas": schemas, "assume": assume}
    try:
        found = _found(files, given)
    except OSError as error:
        raise ContractError(f"{error.filename} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ContractError(f"the files contradict each other: {error}") from error
    return Imported(_called(found.suite, name), found.unchecked, found.besides, found.counted)


def _found(files: Sequence[str | Path], given: dict[str, Any]) -> Imported:
    paths = list(map(Path, files))
    folders = [path for path in paths if path.is_dir()]
    documents = [read(path) for path in paths if not path.is_dir()]
    contracts = [each for each in documents if is_data_contract(each)]
    if not contracts:
        from pgcontract.integrations import dbt  # noqa: PLC0415 - one of two

        for each in documents:
            _require_dbt(each)
        return dbt.load(paths, **given)
    if folders or len(contracts) < len(documents):
        other = folders[0] if folders else next(each.name for each in documents if not is_data_contract(each))
        raise ContractError(f"{contracts[0].name} is a data contract, and {other} is none: import them apart")
    from pgcontract.integrations.odcs.reading import of_document  # noqa: PLC0415 - the other

    return together([of_document(each, **given) for each in contracts])


def is_data_contract(document: Document) -> bool:
    """Whether it is one, of whatever version."""
    content = document.content
    return isinstance(content, Mapping) and (
        content.get("kind") == "DataContract" or any(key in content for key in _ODCS)
    )


def _require_dbt(document: Document) -> None:
    from pgcontract.integrations.dbt.project import BUILT  # noqa: PLC0415 - as above

    content = document.content
    if isinstance(content, Mapping) and "dataContractSpecification" in content:
        raise ContractError(
            f"{document.name} is of the Data Contract Specification, which the Open Data Contract Standard replaced",
            hint="Export it as ODCS by the Data Contract CLI, then import that.",
        )
    if isinstance(content, Mapping) and any(key in content for key in (*BUILT, "sources")):
        return
    if isinstance(content, Mapping) and "suite" in content:
        raise ContractError(f"{document.name} is a contract of pgcontract already")
    raise ContractError(
        f"{document.name} is no data contract of the Open Data Contract Standard, and no schema file of dbt",
        hint="The first has the keys apiVersion and kind, the second models, seeds, snapshots or sources.",
    )


def _called(suite: Suite, name: str | None) -> Suite:
    if name is None:
        return suite
    more: dict[str, Any] = {"ignores": suite.ignores, "principals": suite.principals, "rows_as": suite.rows_as}
    return Suite(name, suite, schema=suite.schema, **more)

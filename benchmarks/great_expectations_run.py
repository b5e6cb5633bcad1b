"""Great Expectations on the table of `data.py`; it runs in a virtual environment of its own.

    VENV/bin/python benchmarks/great_expectations_run.py URL RESULT_FORMAT

It prints one line of JSON: the version, the seconds of the import, of the set-up and of one validation, whether all
expectations hold, and which do not.
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ["GX_ANALYTICS_ENABLED"] = "false"


def main(url: str, result_format: str) -> None:
    """Validate, and print what it took."""
    began = time.perf_counter()
    import great_expectations as gx  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - it is timed
    import great_expectations.expectations as gxe  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    imported = time.perf_counter()
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_postgres("source", connection_string=url)
    batch = source.add_table_asset("events", table_name="events").add_batch_definition_whole_table("all")
    suite = context.suites.add(gx.ExpectationSuite("events"))
    columns = ["id", "email", "status", "amount", "score", "created_at"]
    for expectation in (
        gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value=100_000_000),
        gxe.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=True),
        gxe.ExpectColumnValuesToBeOfType(column="amount", type_="NUMERIC(12, 2)"),
        gxe.ExpectColumnValuesToBeOfType(column="score", type_="DOUBLE PRECISION"),
        gxe.ExpectColumnValuesToNotBeNull(column="email"),
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, max_value=1000),
        gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=1),
        gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["new", "open", "paid", "void"]),
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex="^[^@]+@[^@]+$"),
    ):
        suite.add_expectation(expectation)
    validation = gx.ValidationDefinition(name="events", data=batch, suite=suite)
    context.validation_definitions.add(validation)
    ready = time.perf_counter()
    result = validation.run(result_format=result_format)
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "version": gx.__version__,
                "import": imported - began,
                "set-up": ready - imported,
                "validate": done - ready,
                "holds": result.success,
                "failed": [each.expectation_config.type for each in result.results if not each.success],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

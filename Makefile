# Everything happens in .venv, made by tools/install.py on first use and left alone while it fits.
# PYTHON=/path/to/python chooses the Python; otherwise the newest of 3.11 to 3.14 on the PATH is taken.

PYTHON ?=
export PYTHON
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
# The tests start a hundred Pythons: without bytecode each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# $(call install,TARGET): bring .venv to what a target needs; at once where it already is.
install = @python=$$(sh tools/find-python) && "$$python" tools/install.py $(1)

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint lint-ruff lint-format lint-mypy lint-pyright lint-imports lint-workflows docs format clean \
	install-lint

help: ## print this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1#\2/p' Makefile | awk -F'#' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: ## verify the Supabase example against a private Postgres, and write report.html
	$(call install,demo)
	$(BIN)/pgcontract demo

test: ## run every test (ARGS='-k policies' narrows it)
	$(call install,test)
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-all: test ## make test, every pair of leaks, every change of the loop, mutants of every kind, every break of the example, every seed of made rows, runs killed fifty times, the wheel on its own, PostgreSQL 13 to 18 (VERSIONS='13 15' some)
	PGCONTRACT_LEAKS=all $(BIN)/pytest -q -n auto tests/leaks/test_found.py
	PGCONTRACT_LOOP=all $(BIN)/pytest -q -n auto tests/schemas
	PGCONTRACT_MUTANTS=all $(BIN)/pytest -q -n 0 tests/catalog/test_mutants.py tests/lifecycle/diff/test_verified.py
	PGCONTRACT_BREAKS=all $(BIN)/pytest -q -n auto tests/supabase/test_reconcile.py tests/supabase/test_breaks.py tests/supabase/test_interference.py
	PGCONTRACT_EXAMPLES=100 $(BIN)/pytest -q -n auto tests/docs/test_reference.py tests/contract/test_properties.py tests/contract/test_fold.py tests/report/test_properties.py tests/run/test_ignoring.py
	PGCONTRACT_PRE_COMMIT=1 $(BIN)/pytest -q -n 0 tests/cli/test_check.py -k pre_commit
	PGCONTRACT_WORKFLOWS=1 $(BIN)/pytest -q -n 0 tests/ci -k 'for_real or next_works'
	PGCONTRACT_SEEDS=all $(BIN)/pytest -q -n auto tests/synth/test_schemas.py
	PGCONTRACT_KILLS=50 $(BIN)/pytest -q -n 0 tests/run/test_nothing_left.py -k killed
	$(BIN)/python tools/check_wheel.py
	$(BIN)/python tools/versions.py $(VERSIONS) -- $(ARGS)

install-lint:
	$(call install,lint)

lint: lint-ruff lint-format lint-mypy lint-pyright lint-imports lint-workflows ## ruff, mypy, pyright, the layers and the workflows (-k: past the first failure)

lint-ruff: install-lint
	$(BIN)/ruff check

lint-format: install-lint
	$(BIN)/ruff format --check

lint-mypy: install-lint
	$(BIN)/mypy

lint-pyright: export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1
lint-pyright: install-lint
	$(BIN)/pyright

lint-imports: install-lint
	$(BIN)/lint-imports

lint-workflows: install-lint
	$(BIN)/python tools/lint_workflows.py

docs: export NO_MKDOCS_2_WARNING = 1
docs: ## build the documentation into site/
	$(call install,docs)
	$(BIN)/mkdocs build --strict

format: install-lint ## let ruff repair and format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove .venv and everything that was built
	rm -rf .venv site dist build report.html .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

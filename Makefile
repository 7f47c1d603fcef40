# One command runs each thing. `make demo` and `make test` set everything up by themselves; the second time nothing is fetched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup demo test check coverage bench assurance docs lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

setup: $(READY)  ## the virtual environment: locked packages checked against their hashes, and evalharness itself

$(READY): requirements.lock requirements-dev.lock pyproject.toml scripts/set_up.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "evalharness needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | head -n 1)."; \
	  echo "Name a newer one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments: install its venv package (on Debian: apt-get install python3-venv)."; exit 1; }
	@$(PYTHON) scripts/set_up.py $(VENV) requirements-dev.lock
	@touch $@

demo: $(READY)  ## two models against a policy, reports, the gate; a table of real data; a sign-off rehearsed
	@$(BIN)/python scripts/demo.py

test: $(READY)  ## every test, on all cores (JOBS=1 for one)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: $(READY)  ## lint, format, types, import contracts, documentation; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/write_metrics_docs.py --check
	@$(BIN)/python scripts/write_schemas.py --check
	@$(BIN)/python scripts/write_cli_docs.py --check
	@$(BIN)/python scripts/write_verifier.py --check
	@$(BIN)/python scripts/write_benchmark_documents.py --check
	@$(BIN)/python scripts/check_docs.py

coverage: $(READY)  ## which lines and branches the tests reach
	@$(BIN)/python -m pytest -p no:evalharness -n $(JOBS) --dist loadfile --cov --cov-report=term-missing  # or pytest loads it uncounted

bench: $(READY)  ## speed and memory against the figures in docs/performance.md
	@$(BIN)/python scripts/bench.py

assurance: $(READY)  ## how often the harness is itself wrong: docs/assurance.md anew, some 20 minutes; goes on where it was stopped
	@$(BIN)/python scripts/assure.py

docs: $(READY)  ## writes the generated pages anew, then checks every link, anchor and command shown
	@$(BIN)/python scripts/write_metrics_docs.py
	@$(BIN)/python scripts/write_schemas.py
	@$(BIN)/python scripts/write_cli_docs.py
	@$(BIN)/python scripts/write_verifier.py
	@$(BIN)/python scripts/write_benchmark_documents.py
	@$(BIN)/python scripts/check_docs.py

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --quiet --extra mlflow --extra fairlearn --extra agreement --extra queues

lock:  ## resolves the lock files anew (needs uv; nothing else does)
	@command -v uv >/dev/null || { echo "make lock needs uv on the path: pip install uv"; exit 1; }
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:  ## removes the environment, caches and generated data; never a run under reports/
	rm -rf $(VENV) .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov dist build
	rm -rf datasets_synthetic/*/data
	find evalharness scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

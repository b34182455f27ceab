# Every command of this repository. `make` alone lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that answers and is new enough; a name that only points at an absent version is passed over.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$name" && break; done)
# uv installs faster where it is present; nothing needs it.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
# uv on its own trusts a list of certificates it brings, where pip trusts the machine's. The second is the older name.
export UV_SYSTEM_CERTS := true
export UV_NATIVE_TLS := true
# As pip does: a command that ends in three seconds must not read every library from its source text first.
export UV_COMPILE_BYTECODE := true
PYTEST := $(BIN)/python -m pytest

.PHONY: help
help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(VENV)/ready ## Install, load the sample program, decide this month, and serve it (HOME_FOLDER=, PORT= to choose).
	@$(BIN)/nextplay demo $(if $(HOME_FOLDER),--home "$(HOME_FOLDER)") $(if $(PORT),--port $(PORT))

.PHONY: test
test: $(VENV)/ready-dev ## Run every test, with both engines and a real browser.
	$(BIN)/python -m tests.browser_path
	$(PYTEST) -q -n 2 --dist loadfile

.PHONY: check
check: $(VENV)/ready-dev ## Run every check that is not a test of behavior.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
		$(BIN)/nextplay --home "$$home" init >/dev/null && echo "makemigrations --check" && \
		NEXTPLAY_HOME="$$home" DJANGO_SETTINGS_MODULE=nextplay.settings $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/mkdocs build --strict --site-dir build/site
	$(PYTEST) -q tests/architecture

.PHONY: bench
bench: $(VENV)/ready-dev ## Measure the import against hand-written DuckDB COPY (ROWS="deals activities" for another size).
	$(BIN)/python -m bench.import_bench $(ROWS)

.PHONY: docs
docs: $(VENV)/ready-dev ## Write the reference pages that follow from the code, and build the documentation into build/site.
	$(BIN)/python -m tests.architecture.reference
	$(BIN)/mkdocs build --strict --site-dir build/site

.PHONY: lock
lock: ## Renew the lock files from pyproject.toml (needs uv).
	uv pip compile pyproject.toml --group pyproject.toml:build $(LOCKED) -o requirements.lock
	uv pip compile pyproject.toml --group pyproject.toml:dev --group pyproject.toml:build $(LOCKED) -o requirements-dev.lock
	uv pip compile pyproject.toml --group pyproject.toml:bench --group pyproject.toml:build -c requirements.lock $(LOCKED) -o requirements-bench.lock
	uv pip compile pyproject.toml --extra semantic --group pyproject.toml:build -c requirements.lock $(LOCKED) -o requirements-semantic.lock
LOCKED := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

.PHONY: clean
clean: ## Remove what the other commands made, but no home folder.
	rm -rf $(VENV) build dist site test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready: requirements.lock pyproject.toml
	$(call install,requirements.lock)

$(VENV)/ready-dev: requirements-dev.lock requirements.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $(VENV)/ready

# Every package by hash; the project itself by a link to src, built by what the lock holds.
define install
	@test -n "$(PYTHON)" || { echo "nextplay needs Python 3.11, 3.12 or 3.13: none of them is on the PATH." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing: install it (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing $(1) into $(VENV) ..."
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) \
		--require-hashes -r $(1)
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) \
		--no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@touch $@
endef

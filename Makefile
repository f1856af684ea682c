# Everything that is done with this project. `make` alone lists it.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.DEFAULT_GOAL := help

help: ## List what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(READY): pyproject.toml requirements.txt requirements-dev.txt tools/setup.sh
	@PYTHON=$(PYTHON) tools/setup.sh python
	@touch $@

libraries: ## Install the system libraries that PDFs need
	@tools/setup.sh libraries

setup: $(READY) libraries ## Make .venv and install what Mande needs

demo: setup ## Live the whole life of WP1873v and show it (SERVE=0: without staying up; AT=2021-09-10: only until then)
	@$(BIN)/mande demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(AT),--at $(AT))

test: setup ## Run every test, on SQLite and PostgreSQL, with Chromium and veraPDF
	@tools/setup.sh test
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(READY) ## Lint, types, layers, migrations and unit tests: before each commit
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -n 2 tests/unit tests/integration/test_migrations.py

bench: setup ## Measure, and keep the last tables in docs/performance.md (ONLY="reports queue": these sections)
	@$(BIN)/python -m benchmarks $(ONLY)

chaos: setup ## Kill workers at random while mail is sent, and keep what came of it in docs/delivery.md
	@$(BIN)/python -m chaos

lock: $(READY) ## Export requirements.txt and requirements-dev.txt with hashes, from pyproject.toml
	@tools/lock.sh

clean: ## Remove what was made, but not var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help libraries setup demo test check bench chaos lock clean

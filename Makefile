# Everything a person types. `make` alone prints this list.
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Tests at once: twice the cores of a small machine, since many wait for a server or a browser most of their time.
# Who runs what: tests/shares.py.
TESTERS ?= 4
# Compiled modules are kept whatever the shell says: to rewrite every test anew costs each worker five seconds.
export PYTHONDONTWRITEBYTECODE :=
CODE := kernel inventory dispatch storage scenarios api console benchmarks tests

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/ready $(VENV)/warm ## virtual environment, locked dependencies, compiled search

$(VENV)/ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Fieldwright needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3"; exit 2; }
	@echo "Setting up $(VENV) with $(PYTHON) (three to four minutes the first time, most of it compiling the search)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/warm: $(VENV)/ready $(wildcard dispatch/solve/*.py)
	@$(VENV)/bin/fieldwright warm
	@touch $@

console: $(VENV)/ready ## build the web pages after an edit
	@$(PY) -m console.building

demo: setup ## plan the built-in region, verify the plan, print what a dispatcher wants to know
	@$(VENV)/bin/fieldwright demo

serve: setup console ## the built-in region as a live day: today from 10:40, planned, published; prints the address to open
	@$(VENV)/bin/fieldwright live

quick: checks ## the first 90 seconds of the tests: before every commit
	@$(PY) -m pytest -q -n $(TESTERS) -m "not slow"

test: checks ## everything: format, lint, types, layers, tests, docs
	@$(MAKE) --no-print-directory tests

tests:
	@$(PY) -m pytest -q -n $(TESTERS)

# The search is compiled on one core while the other reads the code.
checks:
	@$(MAKE) --no-print-directory -j2 setup console lint types layers

fuzz: setup ## the property tests again, with new examples each time
	@FIELDWRIGHT_FUZZ=1 $(PY) -m pytest -q -n $(TESTERS) -m hypothesis

lint: $(VENV)/ready
	@$(VENV)/bin/ruff format --check --quiet $(CODE) || { echo "Formatting differs: make fix"; exit 1; }
	@$(VENV)/bin/ruff check --quiet $(CODE)

types: $(VENV)/ready
	@$(VENV)/bin/mypy --no-error-summary

layers: $(VENV)/ready
	@$(VENV)/bin/lint-imports --no-logo --no-cache > .layers.log 2>&1 || { cat .layers.log; exit 1; }

fix: setup ## mend what can be mended: format, lint, generated docs
	@$(VENV)/bin/ruff format --quiet $(CODE)
	@$(VENV)/bin/ruff check --quiet --fix $(CODE)
	@FIELDWRIGHT_WRITE_DOCS=1 $(PY) -m pytest -q tests/house tests/dispatch/desk/test_scheme_documents.py -k "doc" > /dev/null || true

bench: setup ## the engine beside its peers, a short version of every row
	@$(PY) -m benchmarks judge

bench-full: setup ## every row with every file; goes on where it was stopped
	@$(PY) -m benchmarks judge --full

bench-store: setup ## measure the database: writes, 10 million moves, a million stock rows, restore (about an hour)
	@$(PY) -m benchmarks store

bench-service: setup ## measure the service: mixed load, writes, long lists, 50,000 bad inputs (about half an hour)
	@$(PY) -m benchmarks service

bench-console: setup console ## measure the board in a browser with 300 engineers and 3,000 visits (about ten minutes)
	@$(PY) -m benchmarks console

pictures: setup console ## take the pictures of the README anew
	@$(PY) -m benchmarks pictures

lock: ## resolve the dependencies anew, without index or download addresses
	@$(PY) -m pip install --quiet uv
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock

clean: ## forget the virtual environment and every cache
	@rm -rf $(VENV) console/built console/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .layers.log out

.PHONY: help setup console demo serve quick test tests checks bench bench-full bench-store bench-service bench-console pictures lint types layers fix lock clean

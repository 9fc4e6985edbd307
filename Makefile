# One command for each thing done here; `make help` lists them. Everything runs in .venv, which `make` sets up from
# the lock the first time and leaves alone afterwards.

VENV   ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
             $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; \
             done; echo python3)
# Tests wait for browsers and databases: one more of them than a small machine has cores.
JOBS   ?= 3
BIN    := $(VENV)/bin
TREES  := $(wildcard src tests scripts benchmarks)
# Hundreds of programs are started here: what they import is compiled once, whatever the surroundings say.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types imports unit browser coverage docs messages bench faults bench-slate try-slate mutate mutate-bundles storm made-up browse lock hooks clean run-room dev-room

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run-room:
	@$(PYTHON) scripts/prepare.py $(VENV)

dev-room:
	@$(PYTHON) scripts/prepare.py $(VENV) --dev

demo: run-room  ## make a county up, run its whole selection, print the figures (results in ./demo)
	$(BIN)/fourgates demo

test: lint types imports unit  ## everything that must pass: lints, types, import order, tests, coverage of the rules

lint: dev-room  ## style, likely mistakes, bans (clock, chance, environment), format
	$(BIN)/ruff check $(TREES)
	$(BIN)/ruff format --check $(TREES)

format: dev-room  ## mend what lint can mend by itself
	$(BIN)/ruff check --fix $(TREES)
	$(BIN)/ruff format $(TREES)

types: dev-room  ## strict types
	$(BIN)/mypy

imports: dev-room  ## imports run one way
	$(BIN)/lint-imports

unit: dev-room browser  ## the tests, with every branch of the rules covered
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report=term-missing:skip-covered

browser: dev-room  ## a Chromium for the browser tests, where it is missing and can be installed
	@$(BIN)/python -m scripts.browser

coverage: dev-room  ## coverage of everything, the papers and the terminal too
	FOURGATES_FOLLOW_ALL=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report= --cov-fail-under=0
	$(BIN)/coverage report --omit= --fail-under=0

docs: dev-room  ## write the pages that are generated
	$(BIN)/python -m scripts.docs

messages: dev-room  ## bring the English catalogue up to the sentences in the code
	$(BIN)/python -m scripts.messages

bench: dev-room  ## measure the run of a county
	$(BIN)/python benchmarks/county.py

# Thirty made-up questions each: 100 are three thousand.
FOURGATES_SLATE_BLOCKS ?= 100
try-slate: dev-room  ## thousands of made-up questions against trying every list
	FOURGATES_SLATE_BLOCKS=$(FOURGATES_SLATE_BLOCKS) $(BIN)/python -m pytest -n $(JOBS) tests/slate/test_solve.py

bench-slate: dev-room  ## measure the slate against its peers, which are installed into .peers for it
	$(BIN)/python -m benchmarks.slate

# FOURGATES_FAULTS=0.1 tries a tenth of a night's counts.
FOURGATES_FAULTS ?= 1
faults: dev-room  ## killed, power cut, crashed, disk full, raced, restored, tampered with: a night's counts, and what was lost
	FOURGATES_FAULTS=$(FOURGATES_FAULTS) \
	FOURGATES_BUNDLES=$$($(BIN)/python -c 'print(max(120, round(10_000 * $(FOURGATES_FAULTS))))') \
	$(BIN)/python -m pytest -s tests/faults tests/test_tampering.py tests/test_vault.py

mutate: dev-room  ## 10,000 damaged files through the readers, and what became of them
	FOURGATES_MUTANTS=10000 $(BIN)/python -m pytest -s tests/papers/test_mutants.py

mutate-bundles: dev-room  ## 10,000 bundles tampered with and 1,000 honest ones through both verifiers, and what they said
	FOURGATES_BUNDLES=10000 $(BIN)/python -m pytest -s tests/test_tampering.py

storm: dev-room  ## 100,000 requests across the roles of the site, and what was seen that should not be
	FOURGATES_REQUESTS=100000 $(BIN)/python -m pytest -n $(JOBS) tests/web/test_access.py -k random

# Each example asks every operation of the interface once.
FOURGATES_MADE_UP ?= 500
made-up: dev-room  ## requests made up from the description of the interface, and what broke
	FOURGATES_MADE_UP=$(FOURGATES_MADE_UP) $(BIN)/python -m pytest tests/web/test_api.py -k made_up

browse: dev-room browser  ## every page in a real browser: axe-core, keyboard, telephone, twice the size
	$(BIN)/python -m pytest -rs tests/browser

# Only who changes a dependency needs the resolver, so it is not in the lock itself.
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes \
            --no-header --no-annotate --no-emit-index-url --no-emit-find-links --all-extras --group build
lock: dev-room  ## write both lock files again (add UPGRADE=--upgrade to move to newer releases)
	$(BIN)/pip install --quiet 'uv>=0.9'
	$(COMPILE) $(UPGRADE) --output-file requirements.lock
	$(COMPILE) $(UPGRADE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

hooks: dev-room  ## check every commit before it is made
	$(BIN)/pre-commit install

clean:  ## remove what can be made again
	rm -rf $(VENV) demo build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(TREES) -name __pycache__ -type d -prune -exec rm -rf {} +

# `make demo` and `make test` are all a newcomer needs; both set up .venv from requirements.lock first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check bench eval data golden lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(STAMP) ## install everything into .venv, from the lock file, checked by hash

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tocsin needs Python 3.11 or newer: set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "could not make $(VENV): on Debian install python3-venv"; exit 1; }
	@echo "installing the locked dependencies into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup ## see alerts ring: a feed, a mail sink and a webhook receiver on this machine
	@$(BIN)/tocsin demo

test: setup ## the tests, without the slow suites
	$(PYTEST) -q -m "not slow" -n auto --dist loadgroup

test-slow: setup ## crash, load, browser and packaging suites
	$(PYTEST) -q -m slow -p no:randomly -s

check: setup ## format, lint, types, layers, the shipped rulebook, the Compose file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tocsin rules check rules
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: setup ## the figures of the design, measured here
	$(BIN)/python -m bench

eval: setup ## score the rulebook on every corpus of TOCSIN_CORPORA and on our own challenge sets
	@$(BIN)/tocsin eval --all
	-@test ! -f "$$TOCSIN_CORPORA/seed.jsonl" || $(BIN)/python -m bench.variants

data: setup ## rebuild the gazetteer, nouns and inflected forms from their sources (needs WordNet: Debian's wordnet-base)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-data.lock --require-hashes
	$(BIN)/python bench/data/build.py

golden: setup ## rewrite the golden files; review the diff
	TOCSIN_GOLDEN=write $(PYTEST) -q -m "not slow" tests/rulebook tests/processes tests/architecture

lock: ## resolve the dependencies again (needs uv)
	uv pip compile -q pyproject.toml --universal --generate-hashes --no-header -o requirements-run.lock
	uv pip compile -q pyproject.toml --group dev -c requirements-run.lock --universal --generate-hashes --no-header -o requirements.lock
	uv pip compile -q pyproject.toml --group data --universal --generate-hashes --no-header -o requirements-data.lock

clean: ## remove what the other targets made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

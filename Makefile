# All set-up happens here: `make demo` runs the main job on the sandbox, `make test` runs every test.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
LABEL_STUDIO := .venv-label-studio
LABEL_STUDIO_VERSION := 1.23.2
SOURCES := lsops tests benchmarks docs

.PHONY: help demo test check docs bench format lint types layers clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: .venv/.ready  ## plan, apply and plan again on the built-in sandbox
	@rm -rf build/demo && mkdir -p build/demo && cp -r examples/quickstart build/demo/ && rm -rf build/demo/quickstart/.lsops
	@printf '\n$$ lsops plan examples/quickstart --server sandbox:\n'
	@$(BIN)/lsops plan build/demo/quickstart --server sandbox:
	@printf '\n$$ lsops apply examples/quickstart --server sandbox: --yes\n'
	@$(BIN)/lsops apply build/demo/quickstart --server sandbox: --yes
	@printf '\n$$ lsops plan examples/quickstart --server sandbox:\n'
	@$(BIN)/lsops plan build/demo/quickstart --server sandbox:

test: .venv/.ready $(LABEL_STUDIO)/.ready  ## every test, those against a real Label Studio included
	$(BIN)/python -m pytest

check: .venv/.ready format lint types layers test  ## all that CI runs

docs: .venv/.ready  ## write the generated pages and the README's output again
	$(BIN)/python -m docs.generate

bench: .venv/.ready  ## the figures that the project promises, one after the other
	@for name in startup validate validate_files validate_projects memory growth offline_plan count_requests plan sdk; do \
		$(BIN)/python benchmarks/$$name.py; done

format: .venv/.ready
	$(BIN)/ruff format --check $(SOURCES)

lint: .venv/.ready
	$(BIN)/ruff check $(SOURCES)

types: .venv/.ready
	$(BIN)/mypy

layers: .venv/.ready
	$(BIN)/lint-imports

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q lsops
	@touch $@

# The server under test lives in an environment of its own: its pins are not ours.
$(LABEL_STUDIO)/.ready: Makefile
	$(PYTHON) -m venv $(LABEL_STUDIO)
	$(LABEL_STUDIO)/bin/python -m pip install --quiet 'label-studio==$(LABEL_STUDIO_VERSION)'
	@touch $@

clean:  ## remove what the targets made
	rm -rf .venv $(LABEL_STUDIO) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

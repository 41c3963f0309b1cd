# Storewarden: `make run` shows it working, `make test` checks it. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8600
SANDBOX_PORT ?= 8765
JOBS ?= 3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
PACKAGES := temu_openapi temu_sandbox storewarden

.DEFAULT_GOAL := help
.PHONY: help run test check tests-sqlite tests-postgres fmt lint bench messages lock pictures clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: $(STAMP) ## set up, then the demo: PORT=8600 SANDBOX_PORT=8765
	$(BIN)/storewarden demo --data .demo --port $(PORT) --sandbox-port $(SANDBOX_PORT)

test: check tests-sqlite tests-postgres ## set up, then everything that must be green

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(addprefix -p ,$(PACKAGES))
	$(BIN)/lint-imports

tests-sqlite: $(STAMP) ## the tests on SQLite
	env -u DATABASE_URL $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

tests-postgres: $(STAMP) ## the same tests on a throwaway PostgreSQL, where its server is installed
	tests/postgres.sh $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder \
		--ignore tests/temu_openapi --ignore tests/temu_sandbox --ignore tests/contract

fmt: $(STAMP) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: check ## format, lint, types and the arrows between the packages, without tests

bench: $(STAMP) ## measure against the limits
	$(BIN)/python bench/run.py

messages: $(STAMP) ## collect the texts to translate, and compile the translations (needs gettext)
	cd src/storewarden && ../../$(BIN)/python -m django makemessages --settings storewarden.settings \
		-l zh_Hans --no-location --no-wrap
	cd src/storewarden && ../../$(BIN)/python -m django compilemessages --settings storewarden.settings

lock: $(STAMP) ## write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -o requirements.lock

pictures: $(STAMP) ## make the pictures of the docs anew (needs Chromium)
	STOREWARDEN_PICTURES=docs/pictures $(BIN)/python -m pytest tests/journeys -m journey

clean: ## forget the set-up and the demo folder
	rm -rf $(VENV) .demo

# Dependencies by hash, the project itself without the network. Runs once for each lock file.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Storewarden needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv module. On Debian run: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

# make setup | run | test | deploy-test | check | lock | sbom | messages | mutants | chaos | cluster | bench | screenshots; `docs/development.md` says more.

PYTHON ?= python3.11
PORT ?= 8000
SECONDS ?= 60
VENV ?= .venv
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BIN := $(VENV)/bin
TOOLS := build/tools
READY := $(VENV)/.ready-$(shell cksum <requirements-dev.lock | cut -d' ' -f1)

.PHONY: setup run test deploy-test check lock sbom messages mutants chaos cluster bench screenshots
.DEFAULT_GOAL := run

setup: $(READY)

$(READY):
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed; call make PYTHON=/path/to/python" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	rm -f $(VENV)/.ready-* && touch $@

run: setup
	@$(BIN)/python manage.py setup
	@$(BIN)/python manage.py demo
	@echo "Serving on http://127.0.0.1:$(PORT)/ (newsroom: /admin/, queue: /moderation/). Stop with Ctrl+C."
	@exec $(BIN)/gunicorn cms_site.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --preload --log-level warning

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

# Follows docs/deploy.md to the letter: as root, with accounts of its own.
deploy-test: setup
	DEPLOY=1 $(BIN)/python -m pytest -n 0 tests/operations/test_deploy.py

$(TOOLS):
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check uv==0.13.9 cyclonedx-bom==7.5.0

# Newest files of what the requirements pin, for all Pythons that they name, with their checksums.
COMPILE = $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
lock: $(TOOLS)
	$(COMPILE) requirements.txt --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock requirements-dev.txt --output-file requirements-dev.lock

# What the site runs on, in CycloneDX.
sbom: $(TOOLS)
	$(TOOLS)/bin/cyclonedx-py requirements requirements.lock --output-file sbom.json

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy articles cms_site
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run

messages: setup
	$(BIN)/python -m tests.catalogues

mutants: setup
	$(BIN)/python -m tests.mutation $(MODULES)

chaos: setup
	$(BIN)/python -m tests.chaos --database sqlite --seconds $(SECONDS)
	$(BIN)/python -m tests.chaos --database postgresql --seconds $(SECONDS)

# As root: hosts are network namespaces.
cluster: setup
	$(BIN)/python -m tests.cluster

bench: setup
	$(BIN)/python tests/benchmarks/bench.py $(if $(TEXT),--text $(TEXT)) $(if $(WAGTAIL),--wagtail $(WAGTAIL))

screenshots: setup
	$(BIN)/python -m pytest tests/browser/test_screenshots.py --screenshots docs/images

# make setup | run | test | check | messages | mutants | chaos | bench | screenshots; `docs/development.md` says more.

PYTHON ?= python3.11
PORT ?= 8000
SECONDS ?= 60
VENV ?= .venv
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)

.PHONY: setup run test check messages mutants chaos bench screenshots
.DEFAULT_GOAL := run

setup: $(READY)

$(READY):
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed; call make PYTHON=/path/to/python" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	rm -f $(VENV)/.ready-* && touch $@

# Sessions outlive a restart because the key does. It never enters the repository.
.secret-key:
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@

run: setup .secret-key
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo
	@echo "Serving on http://127.0.0.1:$(PORT)/ (newsroom: /admin/, queue: /moderation/). Stop with Ctrl+C."
	@SECRET_KEY="$${SECRET_KEY:-$$(cat .secret-key)}" exec $(BIN)/gunicorn cms_site.wsgi \
		--bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --preload --log-level warning

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

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

bench: setup
	$(BIN)/python tests/benchmarks/bench.py $(if $(TEXT),--text $(TEXT)) $(if $(WAGTAIL),--wagtail $(WAGTAIL))

screenshots: setup
	$(BIN)/python -m pytest tests/browser/test_screenshots.py --screenshots docs/images

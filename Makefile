# Everything goes into .venv; nothing is installed anywhere else.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: setup demo test test-services check requirements translations

setup: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml $(wildcard src/infringewatch/web/locale/*/LC_MESSAGES/*.po)
	@command -v $(PYTHON) >/dev/null || { echo "missing: $(PYTHON) (Python 3.11 or newer)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "missing: Python 3.11 or newer ($(PYTHON) is older; set PYTHON=…)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "missing: Python's venv module (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@for po in src/infringewatch/web/locale/*/LC_MESSAGES/django.po; do \
	  [ -e "$$po" ] && $(BIN)/pybabel --quiet compile -i "$$po" -o "$${po%.po}.mo" || true; done
	@command -v chromium >/dev/null || echo "no chromium here: screenshots and JavaScript-only pages will be recorded as needs_browser"
	@touch $@

demo: setup
	$(BIN)/infringewatch demo

test: setup
	$(BIN)/python -m pytest -m "not services" -n 2 --dist loadfile

test-services: setup
	$(BIN)/python -m pytest -m services

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/infringewatch rules check

# The pinned export. uv.lock itself is never committed: it holds download addresses.
requirements:
	$(BIN)/uv lock
	$(BIN)/uv export --quiet --no-emit-project --no-header --format requirements-txt --no-dev -o requirements/runtime.txt
	$(BIN)/uv export --quiet --no-emit-project --no-header --format requirements-txt -o requirements/dev.txt

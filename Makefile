# Every target does its own set-up, into .venv in this folder. It needs make, and Python 3.11 or newer.
#   make demo    runs the studies that ship with walkshed and writes their maps into maps/
#   make test    runs all tests, those in a browser too (PYTEST_ADDOPTS is passed on)
#   make kills   kills every verb that writes at every file operation, and runs pairs at once (15 minutes)
#   make truth   every study and every town of the tests, told a second time by a program of its own; minutes
#   make check   format, lint, types, and the one way through the house, of Python and of the page's scripts; no tests
#   make bench   speed against other engines: one table, and JSON in benchmarks/results/
#                (EXTRACT=town.osm.pbf measures that town too; ONLY="polygons grid" only those tasks)
#   make clean   removes what these made, except the maps

.PHONY: demo test kills truth check bench clean
.DELETE_ON_ERROR:

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

# The first interpreter that starts and is new enough; a version manager's stub may exist and yet not start.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	if $$python -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$python; break; fi; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check
MAPS := maps

demo: $(VENV)/.walkshed
	@$(BIN)/walkshed demo --all --no-open
	@echo
	@echo "Maps (open them in a browser):"
	@for map in $(MAPS)/*/index.html; do echo "  $(CURDIR)/$$map"; done
	@case "$${LC_ALL:-$${LC_MESSAGES:-$$LANG}}" in zh*) first=gucheng ;; *) first=monaco ;; esac; \
	if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/python -c 'import pathlib, sys, webbrowser; webbrowser.open(pathlib.Path(sys.argv[1]).resolve().as_uri())' \
			$(MAPS)/$$first/index.html >/dev/null 2>&1 || true; \
	fi

test: $(VENV)/.test $(VENV)/.browser $(VENV)/.fetched
	@$(BIN)/python -m pytest

kills: $(VENV)/.test
	@PYTHONPATH=tests $(BIN)/python tests/reports/killing.py

# The second program, on studies of full size and beside every run that other tests make.
truth: export PYTHONPATH := tests
truth: $(VENV)/.test
	@$(BIN)/python -m truth.table
	@$(BIN)/python -m pytest -q tests/truth
	@$(BIN)/python -m pytest -q -p truth.second_reading tests/study tests/inputs tests/data tests/cli

# The page's scripts are checked where Node.js can be had; in CI (WALKSHED_CI=1) they must be.
check: $(VENV)/.check $(VENV)/.page
	@failed=0; \
	$(BIN)/ruff format --check . || failed=1; \
	$(BIN)/ruff check . || failed=1; \
	$(BIN)/mypy || failed=1; \
	$(BIN)/lint-imports || failed=1; \
	if [ -s $(VENV)/.page ]; then \
		npm run --silent types || failed=1; \
		npm run --silent lint || failed=1; \
	fi; \
	exit $$failed

bench: $(VENV)/.bench
	@$(BIN)/python benchmarks/run.py $(if $(EXTRACT),--extract "$(EXTRACT)") $(if $(ONLY),--only $(ONLY))
	@$(if $(ONLY),,$(BIN)/python benchmarks/large.py)

clean:
	@rm -rf $(VENV) node_modules build dist htmlcov test-results .coverage .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up: each stamp is as new as pyproject.toml, so that a second run installs nothing.

$(BIN)/pip:
	@if [ -z "$(PYTHON)" ]; then \
		echo "walkshed needs Python 3.11 or newer. On Debian or Ubuntu:  sudo apt install python3 python3-venv" >&2; exit 1; \
	fi
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { \
		echo "$(PYTHON) is older than Python 3.11; choose another:  make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) >$(VENV).log 2>&1 || { \
		package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing $$package (Debian keeps venv in a package of its own)"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$package >/dev/null && \
			$(PYTHON) -m venv --clear $(VENV); \
		else \
			cat $(VENV).log >&2; rm -rf $(VENV) $(VENV).log; \
			echo "Python's venv is missing. Run:  sudo apt install $$package   and then make again." >&2; exit 1; \
		fi; }
	@rm -f $(VENV).log

$(VENV)/.walkshed: pyproject.toml | $(BIN)/pip
	@echo "Installing walkshed (the first time takes a minute or two)"
	@$(PIP) install --quiet --editable ".[parquet,report]"
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/pip
	@echo "Installing walkshed and what its tests need"
	@$(PIP) install --quiet --editable ".[test]"
	@touch $@ $(VENV)/.walkshed

$(VENV)/.check: pyproject.toml | $(BIN)/pip
	@echo "Installing walkshed and its checkers"
	@$(PIP) install --quiet --editable ".[check]"
	@touch $@ $(VENV)/.walkshed

# What checks the page's scripts, into node_modules: Node.js 18 or newer is Debian's, as root, where it is missing. No
# stamp is left, and it is tried again, where it cannot be had.
NODE := node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' >/dev/null 2>&1 && npm --version >/dev/null 2>&1

$(VENV)/.page: package.json | $(BIN)/pip
	@if $(NODE); then :; elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Node.js for the checks of the page's scripts"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm >/dev/null || true; \
	fi
	@if $(NODE); then \
		echo "Installing the checkers of the page's scripts"; \
		if npm install --silent --no-package-lock --no-audit --no-fund; then echo installed >$@; fi; \
	fi
	@if [ ! -s $@ ]; then \
		rm -f $@; \
		echo "The page's scripts are not checked: that needs Node.js 18 or newer, npm and a network" >&2; \
		[ -z "$$WALKSHED_CI" ] || exit 1; \
	fi

$(VENV)/.bench: pyproject.toml | $(BIN)/pip
	@echo "Installing walkshed and the engines it is measured against"
	@$(PIP) install --quiet --editable ".[bench]"
	@$(PIP) install --quiet --only-binary :all: "pyvalhalla>=3.6" >/dev/null 2>&1 || \
		$(PIP) install --quiet --only-binary :all: "pyvalhalla-weekly>=3.5" >/dev/null 2>&1 || true
	@touch $@ $(VENV)/.walkshed

# A Chromium that starts: the one at hand; Debian's, as root; else Playwright's own. Ubuntu's package is a stub for a
# snap that does not start in containers, hence the trial.
CHROMIUM := for browser in chromium chromium-browser google-chrome; do \
	if $$browser --version >/dev/null 2>&1; then exit 0; fi; done; exit 1

$(VENV)/.browser: $(VENV)/.test
	@if sh -c '$(CHROMIUM)'; then :; else \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Chromium for the tests in a browser"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
		fi; \
		sh -c '$(CHROMIUM)' || { \
			echo "Fetching Playwright's Chromium for the tests in a browser"; \
			if [ "$$(id -u)" = 0 ]; then $(BIN)/playwright install --with-deps chromium; \
			else $(BIN)/playwright install chromium; fi; } || { \
			echo "No browser could be had. Install one (sudo apt install chromium) and run make test again." >&2; exit 1; }; \
	fi
	@touch $@

# What npm carries for the tests in a browser: a Chromium 78, and axe. Without it those tests say what is missing, and
# skip.
$(VENV)/.fetched: tests/maps/fetched.py | $(VENV)/.test
	@if ! npm --version >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing npm, which fetches an old Chromium for the tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm >/dev/null || true; \
	fi
	@if $(BIN)/python tests/maps/fetched.py; then touch $@; fi

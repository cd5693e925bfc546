# make app: install and open the app.  make test: everything that CI checks.  Both need Python 3.11 or newer, no more.

PYTHON ?= python3
BIN := .venv/bin
FAMILY ?= looks
MINUTES ?= 120
OUT ?= runs/$(FAMILY)
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python -r

.PHONY: app test lint bench train compare-families check-release clean

app: .venv/installed-app
	$(BIN)/python -m vgan app

test: .venv/installed-dev .venv/browser .venv/fonts lint
	$(BIN)/python -m pytest

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/installed-dev
	$(BIN)/python -m vgan bench create --json out.json

train: .venv/installed-train
	$(BIN)/python -m vgan train $(FAMILY) --minutes $(MINUTES) --out $(OUT)

# Hours of one core: it goes on where it was interrupted. Writes docs/families.md.
compare-families: .venv/installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m vgan compare-families --out runs/families

# Minutes: clones the commit, installs it anew, follows the README. Fetches pip-audit and cyclonedx-bom for itself.
check-release: .venv/installed-release
	$(BIN)/python -m vgan.release

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# The stamps are older than a requirements file that changed, and then everything is brought up to date.

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/installed-app: requirements.txt | $(BIN)/uv
	$(INSTALL) requirements.txt
	@touch $@

.venv/installed-train: requirements.txt requirements-train.txt | $(BIN)/uv
	$(INSTALL) requirements-train.txt
	@touch $@

.venv/installed-dev: $(wildcard requirements*.txt) | $(BIN)/uv
	$(INSTALL) requirements-dev.txt
	@touch $@

.venv/installed-release: requirements.txt requirements-release.txt | $(BIN)/uv
	$(INSTALL) requirements-release.txt
	@touch $@

# A Chromium for the browser tests: the system's, or Debian's where we may install it, or playwright's own.
.venv/browser: | .venv/installed-dev
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else $(BIN)/playwright install chromium; fi
	@touch $@

# Fonts for the scripts that tests are set in, as on a Space; without them those tests say so and are skipped.
.venv/fonts: packages.txt | .venv/installed-dev
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$(cat packages.txt); \
	fi
	@touch $@

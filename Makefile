# Everything is set up inside .venv; `make demo` and `make test` need nothing but git, make and Python.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What tools keep for the next run stays out of the checkout, too.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/.cache/pycache
# Where it is set, every command of a test would compile all of its modules again: two of its three seconds.
unexport PYTHONDONTWRITEBYTECODE
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.venv/.cache/hypothesis

.PHONY: install demo crawl serve test test-long judges lint format docs audit screenshots bench fuzz hostile torture lock clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing into .venv (once)" >&2
	@$(BIN)/python -m pip install --quiet --quiet --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: install
	@$(BIN)/zhaoshang demo $(ARGS)

crawl: install
	@$(BIN)/zhaoshang crawl $(ARGS)

serve: install
	@$(BIN)/zhaoshang serve $(ARGS)

test: install
	@$(BIN)/python -m pytest $(ARGS)

test-long: install judges
	@$(BIN)/python -m pytest -m long $(ARGS)

# Tools of others that read what this project writes: WARC, CDXJ and WACZ are what these say they are. They are no part
# of the product and want other versions of its dependencies, so they have an environment of their own.
JUDGES := .venv/.judges
judges: install
	@test $(JUDGES)/.installed -nt requirements-judges.lock || $(MAKE) --silent $(JUDGES)/.installed || \
		echo "wacz, FastWARC and pywb could not be installed: the tests that ask them will be skipped" >&2

$(JUDGES)/.installed: requirements-judges.lock
	@echo "installing what judges our files into $(JUDGES) (once)" >&2
	@$(BIN)/python -m venv $(JUDGES)
	@$(JUDGES)/bin/python -m pip install --quiet --quiet --requirement requirements-judges.lock
	@touch $@

lint: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --cache-dir .venv/.cache/imports

format: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: install
	@$(BIN)/python -m crawler.reference > docs/commands.md
	@$(BIN)/python -m benchmarks.licences > docs/licences.md

# Known vulnerabilities of what the lock pins; where there is no network it says so, and is no failure.
audit: install
	@$(BIN)/python -m benchmarks.audit

screenshots: install
	@$(BIN)/python -m benchmarks.screenshots

bench: install .venv/.bench
	@$(BIN)/python -m benchmarks $(ARGS)

# Real crawls of hostile servers; what becomes of each goes into docs/hostile.md.
hostile: install
	@ZHAOSHANG_WRITE_DOCS=1 $(BIN)/python -m pytest --quiet -s --numprocesses=0 tests/test_hostile.py

fuzz: install
	@$(BIN)/python -m benchmarks.fuzz $(ARGS)

# The peers that `make bench` measures against are no part of the product, so they are installed only for it.
.venv/.bench: requirements-bench.lock .venv/.installed
	@$(BIN)/python -m pip install --quiet --quiet --requirement requirements-bench.lock
	@touch $@

# Crawls that are killed, minutes of them; `make torture ARGS="--kills 200 --seed 7"`.
torture: install
	@$(BIN)/python -m benchmarks.torture $(ARGS)

lock: install
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --extra dev --extra bench --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements-bench.lock pyproject.toml
	@printf '%s\n' 'cdxj-indexer>=1.5' 'fastwarc>=2.0' 'pywb>=2.10' 'wacz>=0.6' | CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements-judges.lock -

clean:
	rm -rf .venv

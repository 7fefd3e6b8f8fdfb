# Everything is set up inside .venv; `make demo` and `make test` need nothing but git, make and Python.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What tools keep for the next run stays out of the checkout, too.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/.cache/pycache
# Where it is set, every command of a test would compile all of its modules again: two of its three seconds.
unexport PYTHONDONTWRITEBYTECODE
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.venv/.cache/hypothesis

.PHONY: install demo crawl serve test lint format docs screenshots bench lock clean

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

screenshots: install
	@$(BIN)/python -m benchmarks.screenshots

bench: install .venv/.bench
	@$(BIN)/python -m benchmarks $(ARGS)

# The peers that `make bench` measures against are no part of the product, so they are installed only for it.
.venv/.bench: requirements-bench.lock .venv/.installed
	@$(BIN)/python -m pip install --quiet --quiet --requirement requirements-bench.lock
	@touch $@

lock: install
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --extra dev --extra bench --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements-bench.lock pyproject.toml

clean:
	rm -rf .venv

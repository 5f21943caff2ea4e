# 护蕾: everything starts with one of these. Needs Python >= 3.11 with pip, and make; no root.
#   make demo    the demo year, served on this machine      make setup   tools and packages only
#   make test    all tests                                  make check   lint, types, imports, docs
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-pg15 check lint bench lock clean

# The first Python that is new enough, unless PYTHON names one.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; exit; fi; \
	done; echo python3)
IN_VENV := .venv/bin/python
PG15 ?= /usr/lib/postgresql/15/bin

help:
	@sed -n 's/^#   /  /p' Makefile

setup:
	@command -v $(firstword $(PYTHON)) >/dev/null || { echo "需要 Python 3.11 以上。 Python 3.11 or later is needed." >&2; exit 1; }
	@$(PYTHON) scripts/setup.py

demo: setup
	@exec .venv/bin/hulei demo $(ARGS)

test: setup
	@$(IN_VENV) scripts/run_tests.py $(ARGS)

test-pg15: setup
	@$(IN_VENV) scripts/run_tests.py --postgres $(PG15) $(ARGS)

check: setup
	@$(IN_VENV) scripts/check.py

lint: setup
	@$(IN_VENV) scripts/check.py ruff format objects

bench: setup
	@for name in bench/*.py; do echo "== $$name"; $(IN_VENV) $$name || exit 1; done

lock: setup
	@$(IN_VENV) scripts/lock.py

# The demo's data in var/ stays: remove it yourself when you mean to.
clean:
	@rm -rf build .venv .tools node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

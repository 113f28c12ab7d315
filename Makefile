# Every target makes what it needs: `make run` and `make test` work on a fresh clone with nothing but python3.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
VERSION := $(shell $(PYTHON) -c 'import platform; print(platform.python_version())')
INSTALLED := .venv/.installed-$(VERSION)
UV := .tools/bin/uv
RUN := .venv/bin/python
PY := $(RUN) -m
CHROMIUM := /usr/bin/chromium
SOURCES := apps ens_portal simulators $(wildcard benchmarks) manage.py

.PHONY: help setup run demo-reset test test-unit test-e2e chromium lint types messages faults bench rehearse ci audit

help:  ## This list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14
	@echo
	@echo "PYTHON=python3.13 chooses the interpreter, ENS_HTTP_PORT=8080 the port of the demonstration."

setup: $(INSTALLED)  ## Make .venv with the locked packages

$(INSTALLED): requirements-dev.txt | .tools/.uv-$(UV_VERSION)
	@if [ "$$($(RUN) -c 'import platform; print(platform.python_version())' 2>/dev/null || true)" != "$(VERSION)" ]; then \
		$(UV) venv --quiet --clear --relocatable --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; \
	fi
	$(UV) pip sync --quiet --python $(RUN) --require-hashes --only-binary :all: requirements-dev.txt
	@# Puts the checkout on the path of every program of .venv; relative, so that it holds for a copied tree.
	@echo ../../../.. > "$$($(RUN) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/ens_portal_checkout.pth"
	@rm -f .venv/.installed-*
	@touch $@

.tools/.uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "The venv module of Python is missing: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

run: setup  ## Start the whole demonstration; Ctrl-C stops it
	@exec $(RUN) manage.py demo

demo-reset: setup  ## Throw away the data of the demonstration
	@$(RUN) manage.py demo --reset

test: test-unit test-e2e  ## All tests

test-unit: setup
	$(PY) pytest -n 2

test-e2e: setup chromium  ## Journeys in a real browser
	$(PY) pytest -m e2e

chromium:
	@if [ ! -x $(CHROMIUM) ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Chromium"; \
			apt-get update -qq; \
			DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 chromium </dev/null >/dev/null; \
		else \
			echo "The browser tests need Chromium at $(CHROMIUM): install it as root with 'apt-get install chromium', then run 'make test-e2e'." >&2; \
			exit 1; \
		fi; \
	fi

lint: setup  ## Style, templates, layers
	$(PY) ruff check .
	$(PY) ruff format --check .
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
	find $(SOURCES) -name '*.py' -print0 | xargs -0 $(PY) django_upgrade --check --target-version 5.2
	.venv/bin/lint-imports --no-logo

types: setup  ## Type check
	ENS_ENV=test $(PY) mypy $(SOURCES)

messages: setup  ## Translations are complete and compiled (needs gettext)
	@.ci/messages $(RUN)

faults: setup  ## Real processes killed at failpoints; some minutes
	$(PY) pytest -m faults tests/faults

bench: setup  ## Measures of import, opening and trail, as ratios
	$(PY) benchmarks

rehearse: setup  ## A whole pilot of the roll-out on engines of its own: make rehearse ARGUMENTS="--population 1000"
	$(PY) benchmarks.rehearse $(ARGUMENTS)

ci: ## Everything that must pass before a merge
	.ci/run

audit: setup  ## Known vulnerabilities of the packages; needs a network
	$(UV) tool run pip-audit --require-hashes -r requirements.txt

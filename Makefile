# Every target is one command and brings what it needs: a virtual environment here, brokers as each one says.

PYTHON ?= python3
RUN := .venv/bin/python -m
.DEFAULT_GOAL := help
.PHONY: help demo run test faults bench check audit format lock clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: .venv/run.stamp ## play whole ticket lives on private brokers, print their timelines, leave nothing running
	@$(RUN) cli.main demo

run: .venv/run.stamp ## the whole system on this machine, seeded, until Ctrl-C
	@$(RUN) cli.main up

test: .venv/dev.stamp ## every test but the long ones; says where it has its brokers from
	$(RUN) pytest -m "not faults"

faults: .venv/dev.stamp ## kill, freeze and cut off real processes under load
	$(RUN) pytest -m faults tests/faults

bench: .venv/dev.stamp ## measure the system beside the floor and print the table
	$(RUN) benchmarks

check: .venv/dev.stamp ## lint, format, types, borders
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy benchmarks cli examples services shared tests
	.venv/bin/lint-imports
	$(RUN) cli.documents --check

# Not part of `test`: what is known of old code changes without a change here. An exception is written as
# `--ignore-vuln ID`, with its reason above it; there is none.
audit: .venv/dev.stamp ## ask whether anything in the locks has a known vulnerability
	$(RUN) pip_audit --disable-pip --requirement requirements-dev.lock

format: .venv/dev.stamp ## format the code
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

# No registry's address may get into the locks: they hold names, versions and hashes.
LOCKING = .venv/bin/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock: .venv/dev.stamp ## resolve pyproject.toml anew into the two locks
	$(RUN) pip install --quiet uv
	$(LOCKING) --upgrade --extra intake --extra assignment --extra sla --extra notify --extra cli -o requirements.lock
	$(LOCKING) --upgrade --all-extras --constraint requirements.lock -o requirements-dev.lock

clean: ## remove the virtual environment and caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/run.stamp: requirements.lock | .venv/bin/pip
	@echo "· installing the Python packages of requirements.lock" >&2
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/pip
	@echo "· installing the Python packages of requirements-dev.lock" >&2
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# Debian ships Python without venv: as root it is installed, else one sentence says how.
.venv/bin/pip:
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "· installing python3-venv from Debian (once)" >&2; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
	  else \
	    echo "Python's venv module is missing: run 'sudo apt-get install python3-venv', or set PYTHON to a Python 3.11 or newer." >&2; exit 1; \
	  fi; \
	fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Relaydesk needs Python 3.11 or newer: set PYTHON.")'
	@$(PYTHON) -m venv .venv

# Rafiq: `make run` and `make test` are all one needs to know.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
HOST ?= 127.0.0.1

.PHONY: help run test test-browsers check-pages lighthouse lint check-js audit bench screenshots translations vendor lock clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: .venv/run  ## Set up and serve on http://127.0.0.1:8000 with the demo fair
	@$(BIN)/flask --app app prepare
	@echo "Rafiq is on http://$(HOST):$(PORT)/ (staff: http://$(HOST):$(PORT)/staff/), Ctrl+C stops it."
	@exec $(BIN)/python -m companion.serve --host $(HOST) --port $(PORT)

test: lint  ## Set up and run every test
	@$(BIN)/python -m tests.browser_install
	@$(BIN)/python -m pytest -n 2 --dist loadfile --durations 20

test-browsers: .venv/test  ## The main journeys in Chromium, Firefox and WebKitGTK, which it installs
	@$(BIN)/python -m tests.engines.install
	@$(BIN)/python -m pytest tests/engines

check-pages: .venv/test  ## axe and the W3C's checker on every page, in all languages and colours
	@$(BIN)/python -m tests.browser_install
	@$(BIN)/python -m pytest tests/looks

lighthouse: .venv/test  ## Lighthouse on visitors' pages, as on a phone
	@$(BIN)/python -m tests.browser_install
	@$(BIN)/python -m tests.looks.lighthouse

lint: .venv/test check-js  ## Check style and types alone
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy

check-js: .venv/test  ## Check the types of our scripts, where there is Node
	@$(BIN)/python -m tests.check_js

audit: .venv/test  ## Ask about known holes in the locked packages, where the network answers
	@$(BIN)/python -m tests.audit

bench: .venv/test  ## Measure speed and bytes, as ratios to named baselines
	@$(BIN)/python -m bench

screenshots: .venv/test  ## Take the pictures in docs/screenshots and static/screenshots
	@$(BIN)/python -m tests.browser_install
	@$(BIN)/python -m tests.screenshots

translations: .venv/run  ## Collect new messages into translations/*/LC_MESSAGES/messages.po and docs/tamazight.md
	@pot=$$(mktemp); $(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output --project Rafiq -o $$pot . && \
	for locale in fr_MA ar_MA zgh; do $(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete --ignore-pot-creation-date -i $$pot -d translations -l $$locale; done; rm $$pot
	@$(BIN)/python translations/readers.py

vendor: .venv/run  ## Fetch the pinned JavaScript libraries again
	@$(BIN)/python static/vendor/refresh.py

lock: .venv/run  ## Lock the dependencies anew
	@$(BIN)/pip install -q uv
	@for part in requirements requirements-dev; do $(BIN)/uv pip compile -q --no-strip-extras --universal --python-version 3.11 --generate-hashes $$part.in -o $$part.txt; done

clean:  ## Remove the environment and the database
	rm -rf .venv instance

.venv/run: requirements.txt
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test: requirements-dev.txt .venv/run
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

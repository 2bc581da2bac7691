# What can be done here. `make` alone lists it; nothing but make, git and python3 is assumed.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint drill bench bench-many serve worker live-check lock

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/ready ## open the sample newsroom on this machine, with play money (PORT, SANDBOX_PORT)
	@$(BIN)/python -c 'from donate.commands.demo_settings import main; main()'
	@$(BIN)/flask demo

demo-reset: ## forget the demo's gifts, mail and settings
	@rm -rf var/donate.db var/donate.db-wal var/donate.db-shm var/sandbox.db var/sandbox.db-wal var/sandbox.db-shm var/outbox var/demo.env
	@echo "The demo starts over: make demo"

test: $(VENV)/ready-for-tests ## install what is missing, then run every check and every test
	@tools/test

lint: $(VENV)/ready-for-tests ## ruff, mypy and the floors of the house
	@tools/lint

serve: $(VENV)/ready ## serve the site from the environment's settings
	@DONATE_NO_DEMO_ENV=1 $(BIN)/flask serve

worker: $(VENV)/ready ## apply events, send mail, sweep, from the environment's settings
	@DONATE_NO_DEMO_ENV=1 $(BIN)/flask worker

drill: $(VENV)/ready-for-tests ## kill, lose, double and delay everything, on both databases, and hold the books against Stripe
	@PATH="/usr/sbin:/sbin:$$PATH" $(BIN)/python -m tests.faults.drill

bench: $(VENV)/ready-for-tests ## measure pages beside a bare hello and keep the table in bench/RESULTS.md
	@$(BIN)/python -m bench

bench-many: $(VENV)/ready-for-tests ## measure renewals among few gifts and among a million, on both databases; takes long
	@PATH="/usr/sbin:/sbin:$$PATH" $(BIN)/python -m bench.renewals

live-check: $(VENV)/ready-for-tests ## walk the main flow on a real Stripe test account (STRIPE_SECRET_KEY=sk_test_…)
	@$(BIN)/python -m tests.live_check

lock: ## write both lock files anew from pyproject.toml; needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements-dev.lock

# The environment is made once and brought up to date when its lock changes: see tools/venv.
$(VENV)/ready: requirements.lock tools/venv
	@tools/venv $(PYTHON) requirements.lock $@

$(VENV)/ready-for-tests: requirements-dev.lock tools/venv
	@tools/venv $(PYTHON) requirements-dev.lock $@

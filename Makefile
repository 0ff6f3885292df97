# Everything starts from a clone with Python 3.11 or newer, git and make: `make demo`, `make test`.

PYTHON ?= python3
DATA ?= var
PACE ?= 1
JOBS ?= auto

VENV := .venv
BIN := $(VENV)/bin
SYNCED := $(VENV)/.synced

.DEFAULT_GOAL := help
.PHONY: help install demo up test containers faults fuzz check format docs bench sbom audit clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(SYNCED) ## Install Doorstroom and its tools into .venv

# One way, whether or not uv is installed already: a virtual environment, uv in it, and what uv.lock says, as bytecode
# with our own code: services start in half the time, also where Python may write none.
$(SYNCED): uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m uv sync --frozen --inexact --compile-bytecode --quiet --python $(BIN)/python
	@$(BIN)/python -m compileall -q services shared
	@touch $@

demo: $(SYNCED) ## Run everything, with a simulated country that publishes (PACE=happenings a second, DATA=folder)
	@$(BIN)/doorstroom demo --data $(DATA) --pace $(PACE)

up: $(SYNCED) ## Run everything, empty (DATA=folder)
	@$(BIN)/doorstroom up --data $(DATA)

test: $(SYNCED) ## Run all tests; what cannot run here is skipped by name, REQUIRE_ALL=1 makes that a failure
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 --max-worker-restart 0 --dist loadfile --no-loadscope-reorder
endif

containers: $(SYNCED) ## Run the contract and the whole road on PostgreSQL and Redis in containers; skipped without a Docker engine
	$(BIN)/python -m pytest tests/containers tests/contract tests/integration/relay $(ARGS)

check: $(SYNCED) ## Lint, types, licences, and whether uv.lock fits
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/reuse lint --quiet || $(BIN)/reuse lint
	$(BIN)/python -m uv lock --check --quiet

format: $(SYNCED) ## Let ruff format and mend what it can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: $(SYNCED) ## Write the pages that are made from the code
	$(BIN)/python -m services.command.settings_page > docs/settings.md
	$(BIN)/python -m services.command.metrics_page > docs/metrics.md
	$(BIN)/python -m services.command.figure_pages docs/figures
	$(BIN)/python -m services.command.alerts_page > docs/alerts.md
	$(BIN)/python -m shared.facts.reference > docs/facts.md
	$(BIN)/python -m services.simulator.page > docs/simulation.md
	$(BIN)/python -m infra.grafana.make_dashboards infra/grafana/dashboards
	$(BIN)/python -m services.command.flags_page > docs/flags.md
	$(BIN)/python -m services.command.event_log_page > docs/event-log.md

faults: $(SYNCED) ## Kill, stop, cut and lose things under load, a thousand rounds, and see that every promise holds (ARGS=--rounds 50)
	$(BIN)/python -m tests.faults $(ARGS)

fuzz: $(SYNCED) ## A million inputs from faultless to senseless into the door, judged after each (ARGS='--inputs 20000 --seed 7')
	$(BIN)/python -m uv sync --frozen --inexact --compile-bytecode --quiet --group fuzz --python $(BIN)/python
	$(BIN)/python -m tests.fuzz $(ARGS)


bench: $(SYNCED) ## Measure everything beside the peers and the limits of this machine (ARGS="--quick", ARGS="--json FILE")
	$(BIN)/python -m uv sync --frozen --inexact --compile-bytecode --quiet --group bench --python $(BIN)/python
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix tests/bench/peers; else echo "no npm here: the peers that need node are skipped"; fi
	$(BIN)/python -m tests.bench $(ARGS)

sbom: $(SYNCED) ## Write the list of every package that runs, with versions and sums (CycloneDX), to dist/sbom.cdx.json
	@mkdir -p dist
	$(BIN)/python -m uv export --frozen --no-dev --format cyclonedx1.5 --quiet --output-file dist/sbom.cdx.json

audit: $(SYNCED) ## Hold uv.lock against known weaknesses; where that cannot be done it says so, REQUIRE_AUDIT=1 makes that a failure
	@.ci/audit

clean: ## Remove the virtual environment and the caches; never the data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

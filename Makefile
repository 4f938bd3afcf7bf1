# Everything this project can be asked to do. Each target installs what it needs first.
#
#   make run COMPANY=dir PERIOD=2026-10 AS_OF=2026-11-03T08:00:00Z     PYTHON=python3.12 chooses the interpreter

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
JOBS ?= 2
PORT ?= 8080

.PHONY: help install run up test faults deployment oracle lint format bench lock clean distclean

help: ## this overview
	@echo "Attain: scores sales performance and works out what people are paid for it."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  Options     run: COMPANY=dir PERIOD=2026-10 AS_OF=instant   up: PORT=8080   test: TESTS=path JOBS=2"
	@echo "              bench: DEALS=100000 AGAIN=1 ALL_TYPES=1 RECORD=1   everywhere: PYTHON=/path/to/python (3.11, 3.12 or 3.13)"
	@echo "  Afterwards  $(BIN)/attain --help"

install: ## create .venv from the hashed lock (done by the others when needed)
	@PYTHON="$(PYTHON)" tools/install.sh

run: install ## score, pay and publish a period through Airflow (a sample company without COMPANY=)
	@$(BIN)/python -m attain.airflow_run \
		$(if $(COMPANY),--company "$(COMPANY)") $(if $(PERIOD),--period "$(PERIOD)") $(if $(AS_OF),--as-of "$(AS_OF)")

up: install ## Airflow's user interface with the DAGs on http://127.0.0.1:8080; Ctrl-C stops all of it
	@$(if $(COMPANY),ATTAIN_COMPANY="$(abspath $(COMPANY))") $(BIN)/python -m attain.airflow_up --port $(PORT)

test: install ## every test
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

faults: install ## the long form: kills, full disks, races, spoilt and large files (one to two hours)
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile tests/faults/long_*.py

deployment: install ## the services of docker-compose.yml on this machine, with real PostgreSQL (minutes)
	@mkdir -p build
	@sed -n -E '/^(asyncpg|psycopg2-binary)==/,/^    #/p' requirements-server.lock > build/drivers.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade \
		--target build/drivers -r build/drivers.txt
	@ATTAIN_DEPLOYMENT=1 $(BIN)/python -m pytest -q tests/deployment/test_native_stack.py \
		tests/deployment/test_rotating_secrets.py

oracle: install ## 2,000 random histories against a second, independent calculation of pay, and what a run checks
	@ORACLE_HISTORIES=2000 $(BIN)/python -m pytest -q -n $(JOBS) --dist load tests/oracle

lint: install ## ruff, mypy (strict) and sqlfluff; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests

format: install ## bring Python and SQL into the house's shape
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format --quiet .
	@$(BIN)/sqlfluff fix --quiet --disable-progress-bar dbt_project/models dbt_project/tests

bench: install ## seconds and memory per stage, against the floor (DEALS=100000)
	@$(BIN)/python tests/bench/run.py $(if $(DEALS),--deals $(DEALS)) $(if $(AGAIN),--again) $(if $(ALL_TYPES),--all-types) $(if $(RECORD),--record)

lock: ## write both lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -o requirements.lock
	uv pip compile pyproject.toml --extra server --constraints requirements.lock --universal --python-version 3.12 \
		--generate-hashes --no-emit-index-url --no-header -o requirements-server.lock

clean: ## caches, logs and unpublished runs; what was landed, booked and published stays
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist dbt_project/target dbt_project/logs
	@rm -rf .attain/runs .attain/logs
	@find dags include tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## also the Python environment
	@rm -rf .venv include/attain.egg-info

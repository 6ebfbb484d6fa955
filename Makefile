# The one door for tooling. `make run` and `make test` need nothing but make and Python 3.11 with its venv module:
# each prepares .venv first, and a stamp file says what is already done, so that the second time is quick.

PYTHON ?= python3
VENV   := .venv
BENCH  := .venv-bench
BENCH_LOG := .venv-bench-log
NEWER  ?= python3.12
BIN    := $(VENV)/bin
ARGS   ?=

# Tests write much, some five gigabytes at a time, and wait for the disk each time. Where memory has a folder with room
# for it (10 GB, and more of it free) they use that; what they show of processes that are killed is the same there. It
# is removed when they end. A PostgreSQL server that tests start as somebody else goes through it.
MEMORY := $(shell [ -w /dev/shm ] && ! grep -qs ' /dev/shm .*noexec' /proc/mounts && \
	[ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -gt 10000000 ] && \
	[ "$$(awk '/^MemAvailable/ { print $$2 }' /proc/meminfo)" -gt 15000000 ] && echo /dev/shm || echo "$${TMPDIR:-/tmp}")
IN_ROOM = room=$$(mktemp -d "$(MEMORY)/habeas-tests-XXXXXX") && chmod 711 "$$room" && \
	trap 'rm -rf "$$room"' EXIT && trap 'exit 130' INT TERM && TMPDIR=$$room

# Hashes are required and nothing is built from a source archive, so what is installed is what was locked.
PIP_INSTALL = install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
LOCK = $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --no-header --strip-extras --allow-unsafe

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test soak lint check format prove fuzz wording evaluate pictures bench bench-rules bench-log bench-report load lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.ready ## start the desk with example requests in it (ARGS="--port 8080")
	@$(BIN)/habeas demo $(ARGS)

test: $(VENV)/.ready-dev ## every test, on every core (ARGS="-k atlas" for some)
	@$(IN_ROOM) $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

soak: $(VENV)/.ready-dev ## what takes too long for every run: a log of a million entries falsified, each step of a publication broken off
	@$(IN_ROOM) HABEAS_SOAK=1 $(BIN)/python -m pytest -k "million or every_step or whatever_step" --durations 0 \
		tests/app/test_publishing.py tests/interop $(ARGS)

lint: $(VENV)/.ready-dev ## form, types and layers, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports

check: lint test ## the gate: everything that must hold before a change lands

format: $(VENV)/.ready-dev ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

prove: $(VENV)/.ready-dev ## prove properties of the rules for all possible facts
	@$(BIN)/python tests/prove/prove.py $(ARGS)

fuzz: $(VENV)/.ready-dev ## throw broken input at the readers, and examples by chance at what has to hold for all
	@$(BIN)/python -m tests.fuzz.fuzz_readers $(ARGS)
	@$(IN_ROOM) HABEAS_CHANCE=1 $(BIN)/python -m pytest --numprocesses auto --dist loadfile -m hypothesis

wording: $(VENV)/.ready-dev ## reckon the table of words anew from the labelled cases
	@$(BIN)/python -m benchmarks.wording

evaluate: $(VENV)/.ready ## score the recommendations against the case corpus
	@$(BIN)/habeas evaluate cases/*.yaml $(ARGS)

pictures: $(VENV)/.ready-dev ## take the pictures of docs/roles anew, by walking through the stories
	@rm -f docs/pictures/*.png
	@HABEAS_PICTURES=docs/pictures $(BIN)/python -m pytest tests/web/test_stories.py $(ARGS)

bench: bench-rules bench-log bench-report ## measure everything, beside other tools (ARGS=--alone without them)

bench-rules: $(VENV)/.ready $(BENCH)/.ready ## measure the judgement, beside four rule engines in an environment of their own
	@$(BIN)/python benchmarks/run.py $(ARGS)

bench-log: $(VENV)/.ready $(BENCH_LOG)/.ready ## measure the public log, beside two others
	@$(BIN)/python benchmarks/log.py $(ARGS)

bench-report: $(VENV)/.ready ## measure the transparency report
	@$(BIN)/python -m benchmarks.report

load: $(VENV)/.ready-dev ## a hundred people at the desk, on both databases (ARGS="--database sqlite")
	@$(BIN)/python benchmarks/load.py $(ARGS)

lock: $(VENV)/.ready-dev ## pin the requirements anew, by hash (ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) -o requirements.lock requirements.in
	$(LOCK) $(ARGS) -o requirements-dev.lock requirements-dev.in
	$(LOCK) $(ARGS) -o benchmarks/requirements.lock benchmarks/requirements.in

clean: ## remove the environments and what the tools left behind
	rm -rf $(VENV) $(BENCH) $(BENCH_LOG) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Python 3.11 or newer is missing. This installs it: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is older. This installs it: apt-get install python3.11 python3.11-venv"; \
	  echo "Then say: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. This installs it: apt-get install python3-venv"; exit 1; }
	@echo "Preparing $(VENV); this takes a minute, once."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/.made
	@$(BIN)/python -m pip $(PIP_INSTALL) -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock | $(VENV)/.ready
	@$(BIN)/python -m pip $(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

$(BENCH)/.ready: benchmarks/requirements.lock | $(VENV)/.made
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip $(PIP_INSTALL) -r benchmarks/requirements.lock
	@touch $@

$(BENCH_LOG)/.ready: benchmarks/requirements-log.lock | $(VENV)/.made
	@if $(NEWER) -c '' 2>/dev/null; then \
	  $(NEWER) -m venv $(BENCH_LOG) && $(BENCH_LOG)/bin/python -m pip $(PIP_INSTALL) -r benchmarks/requirements-log.lock && touch $@; \
	else echo "The other logs need Python 3.12 (make NEWER=/path/to/python3.12 bench-log); ours is measured alone."; fi

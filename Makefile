# Everything a person or CI runs. `make run` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: bench durability interop help run test check format lint types contracts coverage lock clean mutants

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: $(STAMP) ## open the console in the embedded lab
	@$(BIN)/seg-cli

test: $(STAMP) ## run all tests
	$(BIN)/python -m pytest -n auto

check: format lint types contracts coverage ## format, lint, strict types, import contracts, coverage

format: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports

coverage: $(STAMP)
	$(BIN)/python -m pytest -n auto --cov --cov-report=
	$(BIN)/coverage report --include='seg_cli/standards/*,seg_cli/policy/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --no-strip-extras --quiet pyproject.toml --group dev -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --no-strip-extras --quiet pyproject.toml --group dev --group bench \
		-c requirements.lock -o requirements-bench.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --no-strip-extras --quiet pyproject.toml --group dev --group mutants \
		-c requirements.lock -o requirements-mutants.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --no-strip-extras --quiet --group interop \
		-c requirements.lock -o requirements-interop.lock

clean: ## remove what was made
	rm -rf $(VENV) mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

durability: $(STAMP) ## kill the appliance at over 100 places, and count what is lost or repeated
	$(BIN)/python -m tests.durability

interop: $(STAMP) ## ask foreign programs about the lab, and write docs/interop.md
	.ci/interop

BENCH := .venv-bench
bench: ## measure against the peers, in an environment of its own
	test -x $(BENCH)/bin/mta-sts-daemon || { $(PYTHON) -m venv $(BENCH) && \
		$(BENCH)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock && \
		$(BENCH)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; }
	HOME=$$(mktemp -d) $(BENCH)/bin/python bench/startup.py
	$(BENCH)/bin/python bench/deliveries.py
	$(BENCH)/bin/python bench/logs.py
	$(BENCH)/bin/python bench/policies.py
	$(BENCH)/bin/python bench/lookups.py
	$(BENCH)/bin/python bench/tables.py

MUTANTS := .venv-mutants
mutants: ## change standards/ and policy/ in every way; a test must notice (some minutes)
	test -x $(MUTANTS)/bin/mutmut || { $(PYTHON) -m venv $(MUTANTS) && \
		$(MUTANTS)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutants.lock; }
	rm -rf mutants
	nice -n 19 $(MUTANTS)/bin/mutmut run --max-children 1
	$(MUTANTS)/bin/python -m tests.mutants

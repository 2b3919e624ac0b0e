# make demo    everything from nothing: a running product with a demo workspace
# make test    the whole suite; sets up what it needs
# make spark   what the tests on a Spark cluster need beside Java
# make chaos   faults on purpose, one line a scenario (SCENARIOS="F1 F2" SEED=7)
# make check   formatting, lint, imports, types, migrations, API description

PYTHON ?= python3
DATA   ?= data
PORT   ?= 8000
WORKERS ?= 2
ENV    := .venv
BIN    := $(ENV)/bin
ASSETS := src/afterscore/kit/static/afterscore/desk.css
SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test spark chaos bench-send bench-bounces bench-plan bench-why bench-analyze bench-loops bench-scanners bench-themes bench-replies bench-desk bench-drops bench-insights bench-pages bench-worlds check format lock openapi clean

help:
	@sed -n 's/^# //p' Makefile

$(ENV)/.product: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Afterscore needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(ENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(ENV)/.tools: requirements-dev.txt $(ENV)/.product
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(ASSETS): $(ENV)/.product $(SOURCES)
	BIN=$(BIN) sh frontend/build.sh
	@touch $@

demo: $(ENV)/.product $(ASSETS)
	$(BIN)/afterscore up --demo --data $(DATA) --port $(PORT)

test: $(ENV)/.tools $(ASSETS)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

spark: $(ENV)/.tools
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.txt

chaos: $(ENV)/.tools $(ASSETS)
	$(BIN)/python -m tests.chaos $(SCENARIOS) $(if $(SEED),--seed $(SEED))

bench-plan: $(ENV)/.tools $(ASSETS)
	$(BIN)/python bench/plan.py

bench-send: $(ENV)/.tools $(ASSETS)
	$(BIN)/python bench/send.py
	$(BIN)/python bench/send.py 10000 "?connections=4"

bench-analyze: $(ENV)/.tools
	$(BIN)/python bench/analyze.py

bench-why: $(ENV)/.tools $(ASSETS)
	$(BIN)/python bench/why.py

bench-loops: $(ENV)/.tools $(ASSETS)
	$(BIN)/python bench/loops.py

bench-bounces: $(ENV)/.tools
	$(BIN)/python bench/bounces.py

bench-replies: $(ENV)/.tools
	PYTHONPATH=. $(BIN)/python bench/replies.py

bench-insights: $(ENV)/.tools
	$(BIN)/python -m bench.insights $(ROWS)

bench-pages: $(ENV)/.tools $(ASSETS)
	$(BIN)/python bench/pages.py

bench-desk: $(ENV)/.tools $(ASSETS)
	$(BIN)/python bench/desk.py

bench-drops: $(ENV)/.tools
	$(BIN)/python bench/drops.py

bench-worlds: $(ENV)/.tools
	$(BIN)/python bench/worlds.py

bench-themes: $(ENV)/.tools
	$(BIN)/python -m bench.themes

bench-scanners: $(ENV)/.tools $(ASSETS)
	$(BIN)/python -m bench.scanners

check: $(ENV)/.tools $(ASSETS)
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python -m tests.house.drift

format: $(ENV)/.tools
	$(BIN)/ruff format src tests bench
	$(BIN)/ruff check --fix src tests bench

openapi: $(ENV)/.tools
	$(BIN)/python -m tests.house.drift --write

lock:
	for name in requirements requirements-dev requirements-frontend requirements-spark; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-annotate --quiet $$name.in -o $$name.txt; done

clean:
	rm -rf $(ENV) frontend/node_modules src/afterscore/kit/static/afterscore

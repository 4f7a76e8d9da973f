# Two commands matter on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test lint bench kills fuzz evaluate docs golden clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=24,<27"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[weights,mono,cluster,notebooks,dev]"
	@# The first judging translates the phrase matcher into machine code; better now than in the first audit.
	$(BIN)/callaudit rules test ecommerce-desk
	@touch $(STAMP)

demo: setup            ## audit the sample calls, print the scorecards and write the pages
	$(BIN)/callaudit run data/calls.csv --out demo-out
	$(BIN)/callaudit report demo-out --to demo-report

test: setup            ## all tests, real recogniser included
	$(BIN)/python -m pytest -n auto

lint: setup            ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

CALLS ?= data/calls.csv
TRUTH ?= data/truth
bench: setup           ## speed, memory and error beside the engines alone, on the same labelled calls
	$(BIN)/python benchmarks/hearing_speed.py $(CALLS) --truth $(TRUTH)

KILLS ?= 50
kills: setup           ## kill nights at random moments and compare what becomes of them (half an hour)
	$(BIN)/python benchmarks/kills.py --kills $(KILLS) --canned

fuzz: setup            ## 2,000 bad recordings in one night: none lost, no good call changed
	$(BIN)/python benchmarks/fuzz_night.py --report benchmarks/fuzz.md

STANDARDS ?= dinghao-380 telecom-10000 service-skills ecommerce-desk
evaluate: setup        ## hear labelled calls and compare with the truth (CALLS=manifest TRUTH=folder of *.json)
	$(BIN)/callaudit run $(CALLS) $(STANDARDS:%=--rulebook %) --keep-personal-data --out out/evaluate
	$(BIN)/callaudit evaluate out/evaluate --truth $(TRUTH)

docs: setup            ## regenerate docs/ from the code
	$(BIN)/python -m pipeline.docs docs

golden: setup          ## regenerate the golden files of the tests
	$(BIN)/python -m pytest --golden-update

clean:
	rm -rf $(VENV) demo-out demo-report out build dist

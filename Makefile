# Macaw's tasks. `make run` and `make test` are all a newcomer needs; both work on a fresh machine
# that has Python 3.11 or newer, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD ?= macaw-build
DATA := $(MACAW_DATA)
DEMO := src/macaw/demo

.PHONY: run site test check lint types layers docs lock audit clean bench

run: $(VENV)/.run                       ## build from the demo records (or MACAW_DATA=DIR) and print the headline
	@$(BIN)/macaw build --data "$(if $(DATA),$(DATA),$(DEMO))" --out $(BUILD)
	@echo
	@$(BIN)/macaw headline $(if $(DATA),--build $(BUILD))
	@echo
	@echo "The table is from $(if $(DATA),this build,the shipped release; the demo build stands in $(BUILD)/). Next, to open a number into its papers:"
	@echo "  $(BIN)/macaw records papers --entity Microsoft --venues CVPR --period 2016 --build $(BUILD)"
	@echo "  $(BIN)/macaw values papers_share --entity USA,CHN --venues CVPR --period 2013:2024"
	@echo "  $(BIN)/macaw fetch     (real data; then: make run MACAW_DATA=~/.macaw/data)"

site: $(VENV)/.run                      ## the website of the shipped release, in macaw-site/index.html
	@$(BIN)/macaw site --out macaw-site

test: $(VENV)/.test                     ## everything that must hold before a change lands
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python benchmarks/licences.py locks/test.txt
	$(BIN)/pytest

docs: $(VENV)/.test                     ## write the generated pages of docs/ anew
	$(BIN)/python docs/generate.py

bench: $(VENV)/.run                     ## time a full build against DuckDB doing only the reading and writing
	$(BIN)/python benchmarks/build.py --data "$(DATA)"

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python locks/run.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

# Spark is tested where Java is; elsewhere its tests skip and say so.
$(VENV)/.test: $(VENV)/.run locks/test.txt locks/spark.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/test.txt
	@if command -v java >/dev/null 2>&1; then $(BIN)/python -m pip install --quiet --require-hashes -r locks/spark.txt; fi
	@touch $@

lock:                                   ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --exclude-newer "7 days" pyproject.toml --extra site -o locks/run.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --exclude-newer "7 days" pyproject.toml --extra site --extra png --group dev -c locks/run.txt -o locks/test.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --exclude-newer "7 days" pyproject.toml --extra site --extra spark -c locks/test.txt -o locks/spark.txt

audit: $(VENV)/.test                    ## known weaknesses of every locked package (asks a public database)
	$(BIN)/python -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet pip-audit
	for lock in locks/*.txt; do $(VENV)/audit/bin/pip-audit --require-hashes --disable-pip --requirement $$lock; done

clean:
	rm -rf $(VENV) $(BUILD) macaw-site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

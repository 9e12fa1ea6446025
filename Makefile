# Every command of the project. `make` alone lists them. Needs only Python 3.11-3.13 and make:
# the first call builds a private environment in .venv from a hash-locked list of packages.

VENV   := .venv
BIN    := $(VENV)/bin
REGION ?= demo-county
YEAR   ?= 2025
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCK   := $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 pyproject.toml

# The newest Python that the locks are made for, unless PYTHON=... names one.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
FOUND = $(shell for p in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do "$$p" -c "$(FITS)" >/dev/null 2>&1 && echo "$$p" && break; done)

.DEFAULT_GOAL := help
.PHONY: help report test lab demo bench honesty shots docs lock clean
.DELETE_ON_ERROR:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

report: $(VENV)/base ## build the report of the invented county (REGION=... YEAR=... for another)
	@test "$(REGION)" != demo-county || $(BIN)/policy-report demo --if-absent
	@$(BIN)/policy-report run --region "$(REGION)" --year "$(YEAR)"

test: $(VENV)/dev ## lint, types and all tests
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/pytest -n 2 --dist loadgroup

lab: $(VENV)/base ## open JupyterLab to explore
	$(BIN)/jupyter lab notebooks/explore.ipynb

demo: $(VENV)/base ## write the invented county anew
	$(BIN)/policy-report demo

bench: $(VENV)/dev ## time the whole county run, stage by stage
	$(BIN)/python -m tests.bench

honesty: $(VENV)/dev ## how often numbers and grades are right on panels of known truth (hours; stopped, it goes on later)
	$(BIN)/python -m tests.honesty

shots: $(VENV)/dev ## pictures of the report into docs/shots, the page into docs/example (needs chromium, LibreOffice)
	$(BIN)/python tests/shots.py

docs: $(VENV)/dev ## portraits of the invented bureaus and the table of planted effects into docs
	$(BIN)/python -m tests.portrait
	$(BIN)/python -m tests.planted

lock: $(VENV)/dev ## resolve pyproject.toml into the two lock files (UPGRADE=--upgrade for newer versions)
	$(LOCK) $(UPGRADE) --quiet -o requirements.lock
	$(LOCK) $(UPGRADE) --quiet --extra dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment and caches; data and reports stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis build src/*.egg-info
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A stamp is newer than the lock it was installed from; the tests' lock holds all of
# the base one. The base stamp keeps the folder it was made in: after the project was moved or copied,
# the old environment would still run the old folder's code, so it is made anew.
ifneq ($(shell cat $(VENV)/base 2>/dev/null || pwd),$(shell pwd))
.PHONY: $(VENV)/base $(VENV)/dev
endif

$(VENV)/base: requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@pwd > $@

$(VENV)/dev: requirements-dev.lock requirements.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@pwd > $(VENV)/base
	@touch $@

define install
@test "$$(cat $(VENV)/base 2>/dev/null || pwd)" = "$$(pwd)" || rm -rf $(VENV)
@test -x $(BIN)/pip || test -n "$(FOUND)" || { \
	echo "需要 Python 3.11 至 3.13（含 venv 模块），没有找到$(if $(PYTHON),：$(PYTHON))。可用 make PYTHON=路径 指定。"; \
	echo "Python 3.11 to 3.13 (with its venv module) is needed and was not found$(if $(PYTHON),: $(PYTHON)). Name one with make PYTHON=path."; \
	exit 2; } >&2
@test -x $(BIN)/pip || "$(FOUND)" -m venv $(VENV)
@echo "正在按 $(1) 安装环境，首次约需两分钟……  Installing from $(1), about two minutes the first time ..."
@$(PIP) install --quiet --require-hashes -r $(1)
@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
@echo "环境就绪 Environment ready: $$($(BIN)/python --version), $$(du -sh $(VENV) | cut -f1)"
endef

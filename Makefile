# paceline: the front door. `make` shows what there is; `make bench` and `make test` work on a fresh clone.
# Written for GNU make 3.81 and newer.

PYTHON ?= python3
PRESET ?= quick
MODEL ?=
BASE ?=
HEAD ?=
VENV := .venv
BIN := $(VENV)/bin
CARGO := $(shell command -v cargo 2>/dev/null)
SETUP := $(VENV)/.setup-$(if $(CARGO),rust,pure)
SOURCES := pyproject.toml constraints.txt implementations/pyproject.toml implementations/_build.py \
	$(shell find implementations/rust -name '*.rs' -o -name 'Cargo.*' 2>/dev/null)
ifeq ($(filter quick full,$(PRESET)),)
$(error PRESET is quick or full, not "$(PRESET)")
endif
ifeq ($(PRESET),full)
RESULTS := results
REPORTS := reports
else
RESULTS := .paceline/quick
REPORTS := .paceline/reports
endif
PACELINE := $(BIN)/paceline

.PHONY: help setup harness bench test test-fast lint lint-rust check race race-monty compare prove report doctor publish clean
.DEFAULT_GOAL := help

help: ## show this list
	@echo "paceline: benchmarks taken in turns. On a fresh clone, \`make bench\` and \`make test\` are all you need."
	@echo
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -e 's/:.*## /|/' | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'
	@echo
	@echo "  PRESET=full   bench measures everything, into results/ and reports/ (quick: .paceline/)"
	@echo "  MODEL=gr6j    check or race only this model"
	@echo "  BASE=main     compare with this commit (the merge base)"
	@echo "  HEAD=fix      compare this commit (the working tree); only with BASE"
	@echo "  MONTY=DIR     race-monty: the environment to use, or to make (.venv-monty)"
	@echo "  PYTHON=...    the interpreter that .venv is made with (3.11 or newer)"

setup: $(SETUP) ## make .venv, install both packages, build the Rust extension when something changed

$(SETUP): $(SOURCES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "paceline needs Python 3.11 or newer, and $(PYTHON) is older: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || { echo "making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing paceline and what it needs"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade -c constraints.txt pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		--editable . --group dev numba maturin hatchling editables
	@echo "installing paceline_models$(if $(CARGO), and compiling its Rust extension (a minute the first time),)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		--no-build-isolation --no-deps --editable implementations
	@for peer in hydrogr ivp-rs CyRK; do \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: -c constraints.txt \
			$$peer >/dev/null 2>&1 || echo "no wheel of the peer $$peer for this Python: its rows will be skipped"; done
	@rm -f $(VENV)/.setup-*
	@touch $(SETUP)
	@$(if $(CARGO),true,rm -f implementations/paceline_models/_rust*.so; $(MAKE) --no-print-directory no-cargo)

# What compares commits needs no models: each commit brings its own.
harness: $(VENV)/.harness ## make .venv with paceline alone, without models: enough to compare commits
$(VENV)/.harness: pyproject.toml constraints.txt
	@test -x $(BIN)/python || { echo "making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing paceline, without models"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --editable .
	@touch $@

.PHONY: no-cargo
no-cargo:
	@echo "==============================================================================================="
	@echo " No cargo on PATH: the Rust extension is not built, and the Rust rows will be SKIPPED."
	@echo " To get it: https://rustup.rs. Once cargo is on PATH, the next \`make\` builds it by itself."
	@echo "==============================================================================================="

bench: setup ## is the host fit, do all agree, how fast are they: ends with the table (PRESET=quick or full)
	@$(if $(CARGO),true,$(MAKE) --no-print-directory no-cargo)
	@$(PACELINE) doctor
	@$(if $(filter full,$(PRESET)),$(PACELINE) race --preset full --dry-run && $(PACELINE) run --preset full --dry-run,true)
	@worst=0; for measure in race run; do \
		code=0; $(PACELINE) $$measure --preset $(PRESET) || code=$$?; \
		case $$code in 2|130|143) exit $$code;; 0) ;; *) worst=$$code;; esac; \
	done; $(PACELINE) report --results $(RESULTS) --out $(REPORTS) && exit $$worst

# Style and types at once: each is mostly one process.
test: setup ## all tests: style and types, fast ones first, then real asv runs
	@$(MAKE) --no-print-directory -j2 lint $(if $(CARGO),lint-rust)
	@$(MAKE) --no-print-directory test-fast
	@$(if $(CARGO),true,$(MAKE) --no-print-directory no-cargo)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m slow

test-fast: setup ## the tests that take seconds
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

lint: setup ## ruff and mypy
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

lint-rust: setup ## rustfmt, clippy (warnings are errors), tests of kernels, and the extension against its stub
	@cd implementations/rust && cargo fmt --check && cargo fmt --check --manifest-path sanitised/Cargo.toml
	@cd implementations && export PYO3_PYTHON="$(CURDIR)/$(BIN)/python" && \
		export CARGO_TARGET_DIR="$$(../$(BIN)/python -c 'import _build; print(_build.target_folder("clippy"))')" && \
		cargo clippy --quiet --manifest-path rust/Cargo.toml --locked -- -D warnings
	@cd implementations && \
		export CARGO_TARGET_DIR="$$(../$(BIN)/python -c 'import _build; print(_build.target_folder("sanitised"))')" && \
		cargo test --quiet --locked --manifest-path rust/sanitised/Cargo.toml
	@echo 'paceline_models._rust.__all__' > $(VENV)/.not-in-stub
	@MYPYPATH=implementations $(BIN)/python -m mypy.stubtest paceline_models._rust \
		--mypy-config-file pyproject.toml --allowlist $(VENV)/.not-in-stub

check: setup ## do all implementations agree with the reference? (MODEL=gr6j for one)
	@$(PACELINE) check $(MODEL) --results .paceline/quick

race: setup ## implementations against their baseline, in turns (MODEL=gr6j for one)
	@$(PACELINE) race $(MODEL) --preset $(PRESET)

# An environment of its own that sees all of .venv besides: torch and what it brings have 5 GB.
MONTY ?= .venv-monty
PURELIB := -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
EXTRA := -c 'import sys, tomllib as t; print(*t.load(sys.stdin.buffer)["project"]["optional-dependencies"]["peers-monty"])'
race-monty: setup ## the evidence matcher beside the real Monty (into .venv-monty: with torch, 5 GB)
	@test -x $(MONTY)/bin/python || $(BIN)/python -m venv $(MONTY)
	@echo "import site; site.addsitedir('$$($(BIN)/python $(PURELIB))')" \
		> "$$($(MONTY)/bin/python $(PURELIB))/paceline.pth"
	@echo "installing the real Monty beside it, into $(MONTY)"
	@$(MONTY)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: -c constraints.txt \
		$$($(BIN)/python $(EXTRA) < implementations/pyproject.toml)
	@$(MONTY)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -c constraints.txt tbp.monty
	@$(MONTY)/bin/python -m paceline race monty.EvidencePeer --baseline tbp_monty --preset $(PRESET)

compare: setup ## the working tree against the merge base, in turns (BASE=main; HEAD=... only with BASE)
	@$(PACELINE) compare $(BASE) $(HEAD)

# What is run by hand before a claim is made: hours. Each step goes on where it was stopped.
PROVE := .paceline/prove
RESUMED = $(if $(wildcard $(PROVE)/$(1)/*/races/*.jsonl),--resume)
prove: setup ## the harness measured with itself, quiet and loaded, and beside other tools: about nine hours
	@mkdir -p $(PROVE)
	@$(BIN)/python -m paceline.stats.simulation | tee $(PROVE)/simulation.md
	@$(BIN)/python -m paceline.stats.history_simulation | tee $(PROVE)/history.md
	@$(PACELINE) selftest --trials 300 --results $(PROVE)/quiet --report $(PROVE)/quiet.md $(call RESUMED,quiet)
	@$(PACELINE) selftest --trials 300 --busy 2 --results $(PROVE)/busy --report $(PROVE)/busy.md $(call RESUMED,busy)
	@$(BIN)/python docs/comparison/compare_tools.py --repetitions 10 \
		$(if $(wildcard $(PROVE)/comparison.jsonl),--resume,--out) $(PROVE)/comparison.jsonl \
		--report $(PROVE)/comparison.md
	@$(BIN)/python tests/prove_history.py $(PROVE)/pushes | tee $(PROVE)/pushes.md
	@$(BIN)/python tests/prove_dashboard.py $(PROVE)/histories | tee $(PROVE)/dashboard.md
	@$(BIN)/python tests/prove_advice.py results | tee $(PROVE)/advice.md
	@$(BIN)/python docs/screening/many_cases.py --report $(PROVE)/screening.md
	@$(BIN)/python tests/prove_shapes.py $(PROVE)/shapes | tee $(PROVE)/shapes.md
	@$(BIN)/python tests/prove_pull_request.py $(PROVE)/pull-request | tee $(PROVE)/pull-request.md

report: setup ## results/ to reports/
	@$(PACELINE) report

doctor: setup ## is this host fit to measure?
	@$(PACELINE) doctor

publish: setup ## asv's own pages from results/, in .asv/html, and the dashboard beside them
	@$(BIN)/asv publish
	@$(PACELINE) report --asv-pages .asv/html

clean: ## remove everything that can be made again (results/ and reports/ stay)
	rm -rf $(VENV) .asv .paceline .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f implementations/paceline_models/_rust*.so

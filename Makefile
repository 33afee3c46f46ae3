# One word each: demo, test, check, bench, faults, serve.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.installed-tools
VALIDATOR := tests/validator/node_modules/.installed
EDITOR_TOOLS := editor/node_modules/.installed
EDITOR := engine/diorama/editor/index.html
export DIORAMA_HOME ?= $(CURDIR)/.diorama
export OMP_NUM_THREADS ?= 1
# Without kept bytecode each command would compile the engine anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-long browser check editor bench bench-editor serve clean

PROMPT ?= misty cyberpunk alley at night; neon kanji; detective walking slowly; rain; lo-fi minor 80 bpm.

demo: $(INSTALLED)
	$(BIN)/diorama run text_to_scene --set 'prompt=$(PROMPT)' --out out/demo
	@echo
	@echo "Look at   out/demo/picture.png"
	@echo "Open      out/demo/scene.glb in Blender (File > Import > glTF) or any glTF viewer: it is lit, animated, skinned"
	@echo "Listen to out/demo/audio_mp3.mp3"
	@echo "Share     out/demo/bundle.zip: all of it, with a timeline and a manifest"
	@echo "Again: make demo (from the cache), or another scene: make demo PROMPT='a lighthouse at dawn, gulls, waltz in D'"

test: check $(VALIDATOR) browser editor
	$(BIN)/pytest -q -n 2 --dist worksteal

test-long: $(TOOLS) $(VALIDATOR)
	DIORAMA_LONG=1 $(BIN)/pytest -q -m long --timeout 3600

check: $(TOOLS) $(EDITOR_TOOLS) editor
	$(BIN)/ruff format --check engine nodes tests
	$(BIN)/ruff check engine nodes tests
	$(BIN)/mypy
	cd editor && npm run --silent check

# The editor's files, where the server and a wheel take them from.
editor: $(EDITOR)

$(EDITOR): $(EDITOR_TOOLS) $(shell find editor/src editor/public editor/scripts -type f) $(wildcard editor/*.html editor/*.json editor/*.ts)
	cd editor && npm run --silent build
	@touch $@

# The editor and the API at http://127.0.0.1:8321, until Ctrl-C.
serve: $(INSTALLED) $(EDITOR)
	$(BIN)/diorama serve --open

# Injects every fault of docs/reliability.md at length: half an hour.
faults: $(TOOLS)
	$(BIN)/python -m tests.faults

bench: $(TOOLS)
	$(BIN)/python -m tests.bench

# Measures the editor in Chromium: opening, panning, zooming and runs of graphs of 200, 1,000 and 3,000 nodes.
bench-editor: $(TOOLS) editor browser
	$(BIN)/python -m tests.bench editor

clean:
	rm -rf $(VENV) .diorama out tests/validator/node_modules editor/node_modules engine/diorama/editor

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; PYTHON=... names one" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "a virtual environment cannot be made; on Debian: apt-get install python3-venv" >&2; exit 1; }

# What it takes to run, and what it takes to work on it.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(TOOLS): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev,models]'
	@touch $@ $(INSTALLED)

$(EDITOR_TOOLS): editor/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or newer is needed to check and build the editor" >&2; exit 1; }
	cd editor && npm ci --no-audit --no-fund --silent
	@touch $@

# What the tests of pages use. Debian's package is taken where it may be; elsewhere CHROMIUM=... names a browser.
browser:
	@[ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "the tests of pages need Chromium: install it, or name it by CHROMIUM=..." >&2; exit 1; }; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium curl >/dev/null; }

$(VALIDATOR): tests/validator/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or newer is needed for the glTF validator that the tests use" >&2; exit 1; }
	cd tests/validator && npm ci --no-audit --no-fund --silent
	@touch $@

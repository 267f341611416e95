# The only door to this tree (docs/decisions/0002-make-is-the-only-door.md). `make` alone prints what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

SOURCES := $(sort $(shell find src firmware hw-sim test proto -name generated -prune -o -type f \
	\( -name '*.ts' -o -name '*.proto' -o -name '*.mjs' \) -print 2>/dev/null))
INSTALLED := node_modules/.kerbside-installed
BUILT := dist/.kerbside-built
BIN := node_modules/.bin/kerbside

# How much `make fuzz`, `make soak` and `make bench` do.
FIRST_SEED ?= 1001
FUZZ_RUNS ?= 5000
FUZZ_MINUTES ?= 10
FUZZ_BYTES ?= 1000000000
KEEP ?=
SOAK_ROUNDS ?= 10
POWER_CUTS ?= 200
KILLS ?= 1000
BOARD_CYCLES ?= 1000
LINK_CYCLES ?= 1000
MINUTES ?= 10

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# Dependencies are installed again only when the lock file, Node or the machine's kind changed: what they were is
# written into the stamp, since a checkout gives every file a new time. `npm ci` deletes node_modules first, the stamp
# with it, so an interrupted installation is begun again.
.PHONY: setup
setup: ## dependencies and build; run by the others, idempotent
	@export npm_config_loglevel=error
	command -v node > /dev/null || { echo 'make setup: node is missing, expected Node 20.19 to 25 on the PATH.' >&2; exit 2; }
	now="$$(sha256sum package-lock.json | cut -d ' ' -f 1) $$(node --version) $$(uname -m)"
	if [ "$$(cat $(INSTALLED) 2> /dev/null || true)" != "$$now" ]; then
		npm ci
		echo "$$now" > $(INSTALLED)
	fi
	# A removed source must not leave its compiled twin behind: a stale test would go on passing.
	if [ -d dist ] && ! printf '%s\n' $(SOURCES) | cmp -s - dist/.sources; then rm -rf dist; fi
	$(MAKE) --silent $(BUILT) $(BIN)

$(BUILT): $(SOURCES) package.json tsconfig.json
	@echo 'Building …'
	npm run --silent build
	printf '%s\n' $(SOURCES) > dist/.sources
	touch $@

$(BIN): $(BUILT)
	@chmod +x dist/firmware/cli/kerbside.js
	mkdir -p $(@D)
	ln -sfn ../../dist/firmware/cli/kerbside.js $@
	touch $@

.PHONY: demo
demo: setup ## the whole van in a simulator; ends by itself with a summary
	@npx kerbside simulate --scenario drive-past

.PHONY: test
test: setup ## every test that needs no hardware and no network, with coverage
	@.ci/install-packages
	node dist/test/run.js

.PHONY: one
one: ## one test file without a build, e.g. make one FILE=test/radar/crc8.test.ts
	@npx mocha --no-config --timeout 20000 --import=tsx $(FILE)

.PHONY: check
check: setup ## types, lint, format, house rules
	@npx tsc --noEmit --incremental false -p tsconfig.json
	npx eslint .
	npx prettier --check --log-level warn .
	npx mocha --no-config --node-option enable-source-maps --timeout 20000 --reporter dot 'dist/test/house/**/*.test.js'

.PHONY: bench
bench: setup ## cost of the readiness checks; how fast virtual time runs; trigger latency beside a C program that does the same; then beside MINUTES (default 10) of 12-megapixel images
	@node dist/test/bench/readiness.js
	node --min-semi-space-size=32 --max-semi-space-size=64 --no-parallel-scavenge dist/test/bench/virtual-time.js
	node dist/test/bench/trigger-latency.js
	node dist/test/bench/twelve-megapixels.js --minutes $(MINUTES)

.PHONY: mutants
mutants: setup ## breaks the product in one place after the other; the simulation must notice each within a minute (MUTANT=words: those that match)
	@MUTANT='$(MUTANT)' node dist/test/mutants/all-simulation-mutants.js

# Every test file that imports fast-check, with many more runs (test/support/fuzz.ts). A failure prints the seed that repeats it.
.PHONY: fuzz
fuzz: setup ## FUZZ_MINUTES (default 10) of inputs guided by coverage (KEEP=1: those that reach something new become the corpus); FUZZ_BYTES of garbage (default 10^9); property tests with FUZZ_RUNS runs each (default 5000); every bit of an exhibit altered
	@FUZZ_MINUTES=$(FUZZ_MINUTES) node dist/test/fuzz/search.js $(if $(KEEP),--keep)
	FUZZ_BYTES=$(FUZZ_BYTES) npx mocha --no-config --node-option enable-source-maps --timeout 0 dist/test/fuzz/garbage.test.js
	files="$$(grep -rlE "from 'fast-check'" test --include '*.test.ts' | sed 's#^#dist/#; s#ts$$#js#')"
	export FUZZ_RUNS=$(FUZZ_RUNS)
	npx mocha --no-config --node-option enable-source-maps --timeout 0 --require ./dist/test/support/fuzz.js $$files
	BIT_FLIPS=all npx mocha --no-config --node-option enable-source-maps --timeout 0 dist/test/evidence/tamper.test.js

.PHONY: soak
soak: setup ## HOURS of lying worlds alone where that is given (else 2000, and all that follows), from seed FIRST_SEED on (default 1001); KILLS kills under traffic (default 1000), POWER_CUTS power cuts (default 200), the storage rigs in full, the links of radar, receiver and camera cut LINK_CYCLES times (default 1000), the I/O board unplugged BOARD_CYCLES times (default 1000), the end-to-end tests SOAK_ROUNDS times (default 10); stops at the first failure
	@HOURS=$(or $(HOURS),2000) FIRST_SEED=$(FIRST_SEED) node dist/test/simulation/soak.js
	if [ -n '$(HOURS)' ]; then exit 0; fi
	KILLS=$(KILLS) npx mocha --no-config --node-option enable-source-maps dist/test/end-to-end/kill-nine.test.js
	export POWER_CUTS=$(POWER_CUTS) FAULTS_STEP=1 MODEL_STATES_PER_CALL=5
	for rig in ext4-cuts store-model store-model-random faults; do
		npx mocha --no-config --node-option enable-source-maps dist/test/rigs/$$rig.test.js
	done
	FAULTS_IN_A_ROW=3 npx mocha --no-config --node-option enable-source-maps dist/test/rigs/faults.test.js
	LINK_CYCLES=$(LINK_CYCLES) npx mocha --no-config --node-option enable-source-maps dist/test/drivers/link-cycles.test.js
	BOARD_CYCLES=$(BOARD_CYCLES) npx mocha --no-config --node-option enable-source-maps dist/test/io-board/cycles.test.js
	for round in $$(seq $(SOAK_ROUNDS)); do
		echo "round $$round of $(SOAK_ROUNDS)"
		npx mocha --no-config --node-option enable-source-maps --timeout 300000 --reporter dot --recursive dist/test/end-to-end
	done

.PHONY: package
package: ## installable package for the board: comes with a later version
	@echo 'make package: comes with a later version; until then the checkout itself runs after make setup.' >&2
	exit 2

.PHONY: board-test
board-test: ## tests on a board with real lines: comes with a later version
	@echo 'make board-test: comes with a later version; until then make test runs the lines against a stand-in for the GPIO of the kernel.' >&2
	exit 2

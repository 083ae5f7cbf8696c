# SPDX-License-Identifier: GPL-3.0-or-later
# The front door. It needs git and make; what else is missing it fetches itself (.ci/deps).

BUILD = build
LINT = build-lint
DEMO = demo
PREFIX = /usr/local
DESTDIR =
MESON_OPTIONS = -Dwerror=false
TEST_OPTIONS = --print-errorlogs

MAKEFLAGS += -rR --no-print-directory
.PHONY: help deps build demo check lint install clean deps-build deps-check deps-lint
.NOTPARALLEL:

help:
	@echo 'ixsflow $(shell cat VERSION): from raw inelastic X-ray scans to phonons'
	@echo
	@echo '  make demo      build, reduce a small beamtime, draw its pictures into $(DEMO)/'
	@echo '  make check     build, run every test'
	@echo '  make lint      warnings, sanitizers and analysers; the hot spots of the code'
	@echo '  make build     the programs, in $(BUILD)/reduce/'
	@echo '  make deps      install what building and the demo need, by apt'
	@echo '  make install   PREFIX=$(PREFIX) DESTDIR='
	@echo '  make clean     remove $(BUILD)/, $(LINT)/, $(DEMO)/ and tour/'
	@echo
	@echo 'Each of them first does what it needs. The tour: README.md'

deps:
	@.ci/deps demo

deps-build:
	@.ci/deps build

deps-check:
	@.ci/deps check

deps-lint:
	@.ci/deps lint

build: deps-build
	@test -f '$(BUILD)/build.ninja' || meson setup $(MESON_OPTIONS) -Dtests=false '$(BUILD)'
	@ninja -C '$(BUILD)'

demo: deps build
	@mkdir -p '$(DEMO)'
	@'$(BUILD)/reduce/ixs-plan' test_spectra/experiment.xml -o '$(DEMO)/Makefile'
	@$(MAKE) -C '$(DEMO)' PICTURES='svg png' \
	    BIN="$$(realpath --relative-to='$(DEMO)' '$(BUILD)/reduce')"
	@echo
	@echo 'The pictures, as SVG and PNG:'
	@echo '  $(DEMO)/dispersion.svg     phonon energies and linewidths against q'
	@echo '  $(DEMO)/pictures/          each spectrum with its fit'
	@echo '  $(DEMO)/responses.svg      the resolution of each analyzer'
	@echo 'In words: $(BUILD)/reduce/ixs-show $(DEMO)/dispersion.fits'

# The closing line is counted from meson's log of this very run, so the old log goes first.
check: deps-check build
	@grep -q '"name"' '$(BUILD)/meson-info/intro-tests.json' \
	    || meson configure -Dtests=true '$(BUILD)'
	@ninja -C '$(BUILD)'
	@rm -f '$(BUILD)/meson-logs/testlog.json'
	@meson test -C '$(BUILD)' --no-rebuild $(TEST_OPTIONS) || true
	@python3 tests/closing_line.py '$(BUILD)/meson-logs/testlog.json'

lint: deps-lint
	@tests/lint.sh '$(LINT)'

install: build
	@meson configure -Dprefix="$$(realpath -m '$(PREFIX)')" '$(BUILD)'
	@ninja -C '$(BUILD)'
	@DESTDIR='$(DESTDIR)' meson install -C '$(BUILD)' --no-rebuild

clean:
	rm -rf '$(BUILD)' '$(LINT)' '$(DEMO)' tour

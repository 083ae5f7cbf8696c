# SPDX-License-Identifier: GPL-3.0-or-later
# A beamtime as a Makefile: from SPEC files through every stage to dispersion and pictures. Copy
# it and change the first paragraph, or say on the command line what is different; the real scans
# of HERIX, with the responses of another beamtime, are
#
#   make -f demo.mk -j4 SPEC=CdOsO EXPERIMENT=configs/CdOsO.xml SCANS="$(seq -f S%04g -s' ' 60 69)" \
#        REFERENCE=plexiglas_1.spec REFERENCE_SCANS="$(seq -f S%04g -s' ' 1 30)"
#
# A second `make` does nothing; a changed file redoes what depends on it and no more.

SPEC            = test_spectra/beamtime.spec
SCANS           = S0012 S0013 S0014 S0015 S0016 S0017 S0018 S0019
EXPERIMENT      = test_spectra/experiment.xml
INSTRUMENT      = configs/herix.xml
MODEL           = test_spectra/model.xml
# The resolution run: scans of the same SPEC file, or of another one.
REFERENCE       = $(SPEC)
REFERENCE_SCANS = S0001 S0002 S0003 S0004 S0005 S0006 S0007 S0008
# Where the programs are (empty: in PATH), where the products go.
BIN             =
OUT             = demo

MAKEFLAGS += -rR --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all

ixs      := $(if $(BIN),$(BIN)/)ixs-
scans    := $(SCANS:%=$(basename $(notdir $(SPEC)))_%)
measured := $(scans:%=$(OUT)/raw/%.fits)
standard := $(REFERENCE_SCANS:%=$(OUT)/raw/$(basename $(notdir $(REFERENCE)))_%.fits)
spectra  := $(scans:%=$(OUT)/spectra/%.fits)
elastic  := $(scans:%=$(OUT)/elastic/%.fits)
fits     := $(scans:%=$(OUT)/fit/%.fits)
pictures := $(foreach kind,svg png,$(OUT)/responses.$(kind) $(OUT)/dispersion.$(kind) \
              $(scans:%=$(OUT)/pictures/%.$(kind)))

all: $(pictures)
	@:

# One file a scan. Scans that did not change keep their time, so that a SPEC file that grows
# redoes nothing but what is new; the stamp says that the file was read as it is now.
$(OUT)/raw/imported: $(sort $(SPEC) $(REFERENCE)) | $(OUT)/raw
	$(ixs)import --keep-time $(sort $(SPEC) $(REFERENCE)) -o $(OUT)/raw
	@touch $@
$(standard) $(measured): $(OUT)/raw/imported ;

$(OUT)/calib.fits: $(standard) $(INSTRUMENT)
	$(ixs)calibrate -i $(INSTRUMENT) $(standard) -o $@

$(spectra): $(OUT)/spectra/%.fits: $(OUT)/raw/%.fits $(OUT)/calib.fits $(EXPERIMENT) $(INSTRUMENT) | $(OUT)/spectra
	$(ixs)reduce -i $(INSTRUMENT) -e $(EXPERIMENT) -c $(OUT)/calib.fits $< -o $@

$(elastic): $(OUT)/elastic/%.fits: $(OUT)/spectra/%.fits $(OUT)/calib.fits | $(OUT)/elastic
	$(ixs)elastic -c $(OUT)/calib.fits $< -o $@

$(fits): $(OUT)/fit/%.fits: $(OUT)/elastic/%.fits $(OUT)/calib.fits $(MODEL) | $(OUT)/fit
	$(ixs)fit --curves $(MODEL:%=-m %) -c $(OUT)/calib.fits $< -o $@

$(OUT)/dispersion.fits: $(fits)
	$(ixs)dispersion $(fits) -o $@

$(OUT)/pictures/%.svg: $(OUT)/fit/%.fits | $(OUT)/pictures
	$(ixs)plot $< -o $@
$(OUT)/pictures/%.png: $(OUT)/fit/%.fits | $(OUT)/pictures
	$(ixs)plot $< -o $@
$(OUT)/responses.svg $(OUT)/responses.png: $(OUT)/calib.fits
	$(ixs)plot $< -o $@
$(OUT)/dispersion.svg $(OUT)/dispersion.png: $(OUT)/dispersion.fits
	$(ixs)plot $< -o $@

# A program that was built anew is a changed input too.
$(OUT)/raw/imported: $(wildcard $(ixs)import)
$(OUT)/calib.fits: $(wildcard $(ixs)calibrate)
$(spectra): $(wildcard $(ixs)reduce)
$(elastic): $(wildcard $(ixs)elastic)
$(fits): $(wildcard $(ixs)fit)
$(OUT)/dispersion.fits: $(wildcard $(ixs)dispersion)
$(pictures): $(wildcard $(ixs)plot)

$(addprefix $(OUT)/,raw spectra elastic fit pictures):
	@mkdir -p $@

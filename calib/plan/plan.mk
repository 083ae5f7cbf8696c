# SPDX-License-Identifier: GPL-3.0-or-later
# From SPEC files through every stage to dispersion and pictures. Written by ixs-plan and yours to
# edit; which scans there are and what they are good for stands in plan/scans.mk.
#
#   make [-j N]           everything
#   make raw              the SPEC files imported, every scan
#   make calib            responses, zeros and efficiencies
#   make spectra          energy transfer, HKL, intensity; repeats merged; the elastic line taken off
#   make fit              phonons of every scan, or of those that repeat each other together
#   make dispersion       branches, velocities, linewidths
#   make pictures         each of these drawn
#   make thermal.svg      where there are several temperatures: modes against temperature
#   make report           pages of each scan, of the calibration and of the beamtime: report/index.html
#   make check            look at every product for damage
#   make clean            remove all that is made here
#
# A second make does nothing. A changed file redoes what depends on it and no more: an unchanged
# product keeps its time, and the files in done/ say when its stage was last run. What fails leaves
# its reason in failed/; the next make tries again and goes on without it.

EXPERIMENT = @EXPERIMENT@
# Options of your own for the stages.
CALIBRATE  =
REDUCE     =
MERGE      =
BACKGROUND =
ELASTIC    =
FIT        = --curves
DISPERSION =
REPORT     = --refresh 30
# What pictures are made: svg, png, pdf.
PICTURES   = svg
# Where the programs are; empty: in PATH.
BIN        =

MAKEFLAGS += -rR -k --no-print-directory --output-sync=target
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all raw calib spectra fit pages dispersion pictures report check clean help gone

# Scan by scan to its page, then what is made of all of them.
all: raw calib pages spectra fit dispersion report pictures

help:
	@sed -n 's/^#   make/  make/p' $(firstword $(MAKEFILE_LIST))

# A folder with letters that the shell or a rule takes for something else stands in quotes.
odd   := : % ; & ( ) < > | = * ? [ { ` " \ \#
quote := $(or $(word 2,x$(BIN)x),$(strip $(foreach letter,$(odd),$(findstring $(letter),$(BIN)))))
ixs   := $(if $(BIN),$(if $(quote),'$(BIN)',$(BIN))/)ixs-
calib := calib.fits

# ---- which scans there are
ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),all)),)
include plan/scans.mk
endif

# The time of a stage is that at which it began: what changes while it runs counts next time.
plan/scans.mk: $(wildcard plan/settled)
	@mkdir -p plan done && touch done/plan
	$(ixs)plan --scans $(EXPERIMENT) -o $@
	@touch -r done/plan $@

# What is fitted: scans, and sets of scans that repeat each other. One that failed last time does not
# hold up what is made of all of them, nor a scan that could not be reduced its set.
lacking := $(foreach scan,$(notdir $(wildcard failed/*)),$(if $(findstring ixs-reduce,$(file <failed/$(scan))),$(scan)))
members = $(filter-out $(lacking),$($1))
joined := $(foreach set,$(merged),$(if $(call members,$(set)),$(set)))
alone  := $(filter-out $(foreach set,$(merged),$($(set))),$(phonon))
fitted := $(alone) $(joined)
# The empty cell goes with all of them, where it was measured.
empty  := $(filter-out $(lacking),$(cell))
scans  := $(phonon) $(cell)
sound  := $(filter-out $(notdir $(wildcard failed/*)),$(fitted))

# A new scan that comes alone has all of make's -j to itself.
news    := $(filter-out $(notdir $(wildcard done/spectra/*)),$(scans))
threads = $(if $(filter 1,$(words $(news)) $(words $(fitted))),$(patsubst -j,-j0,$(filter -j%,$(MAKEFLAGS))))

# A list that changed is newer than what was made of it.
differ   = $(subst x$1,,x$2)$(subst x$2,,x$1)
is_old   = $(or $(if $(wildcard $1),,none),$(call differ,$(strip $(file <$1)),$(strip $2)))
remember = $(if $(call is_old,$1,$2),$(file >$1,$(strip $2)))
ifdef imports
$(call remember,done/reference.list,$(reference))
$(call remember,done/sound.list,$(sound))
$(call remember,done/cell.list,$(empty))
$(call remember,done/pages.list,$(phonon) but $(notdir $(wildcard failed/*)))
$(foreach set,$(joined),$(call remember,done/$(set).list,$(call members,$(set)) $(tolerances)))
endif

# Nothing is to be done for a product whose stage was run, but to look whether it is newer than what
# was made of it. (The + has make -n and make -q look, too.)
kept :=

# A product that is gone is made again.
lost = $(filter-out $(wildcard $1/*.fits),$(patsubst %,$1/%.fits,$2))
again := $(if $(call lost,raw,$(reference) $(scans)),$(imports)) \
         $(patsubst %.fits,done/%,$(call lost,spectra,$(scans)) $(call lost,merged,$(joined))) \
         $(patsubst %.fits,done/%,$(foreach stage,$(if $(empty),background) elastic fit,$(call lost,$(stage),$(fitted)))) \
         $(patsubst %.fits,done/%,$(filter-out $(wildcard *.fits),calib.fits dispersion.fits))
$(again): gone

# ---- raw/: the scans of the SPEC files
$(imports): done/raw/%: | raw/ done/raw/
	@touch done/raw/.$*
	$(ixs)import --unfinished --keep-time $< -o raw
	@touch -r done/raw/.$* $@

# ---- calib.fits: responses, zeros, efficiencies; nominal ones without reference scans
done/calib: $(reference:%=raw/%.fits) $(experiment) $(instrument) done/reference.list
	$(ixs)calibrate --keep-time $(CALIBRATE) -e $(experiment) $(reference:%=raw/%.fits) -o calib.fits
	@touch $@
calib.fits: done/calib
	+$(kept)

# ---- spectra/: energy transfer, HKL, intensity
$(scans:%=done/spectra/%): done/spectra/%: raw/%.fits plan/reduce/%.xml $(instrument) $(calib) | spectra/ done/spectra/ failed/
	$(ixs)reduce --keep-time --failed failed/$* $(REDUCE) $(unfinished) -e plan/reduce/$*.xml -c $(calib) $< -o spectra/$*.fits
	@touch $@
$(scans:%=spectra/%.fits): spectra/%.fits: done/spectra/%
	+$(kept)

# ---- merged/: scans that repeat each other, as one
define one_of_several
done/merged/$1: $(patsubst %,spectra/%.fits,$(call members,$1)) $(calib) done/$1.list | merged/ done/merged/ failed/
	$(ixs)merge --keep-time --failed failed/$1 $(tolerances) $$(MERGE) -c $(calib) $(patsubst %,spectra/%.fits,$(call members,$1)) -o merged/$1.fits
	@touch $$@
report/$1.html: | $(patsubst %,raw/%.fits,$(call members,$1))
endef
$(foreach set,$(joined),$(eval $(call one_of_several,$(set))))
$(joined:%=merged/%.fits): merged/%.fits: done/merged/%
	+$(kept)

# ---- background/: with the counts of the empty cell
$(alone:%=done/background/%): done/background/%: spectra/%.fits
$(joined:%=done/background/%): done/background/%: merged/%.fits
$(fitted:%=done/background/%): done/background/%: $(empty:%=spectra/%.fits) $(shares) done/cell.list | background/ done/background/ failed/
	$(ixs)background --keep-time --failed failed/$* $(BACKGROUND) -e $(shares) $(filter spectra/$*.fits merged/$*.fits,$^) $(empty:%=spectra/%.fits) -o background/$*.fits
	@touch $@
$(fitted:%=background/%.fits): background/%.fits: done/background/%
	+$(kept)

# ---- elastic/: the elastic line taken off
ifneq ($(empty),)
$(fitted:%=done/elastic/%): done/elastic/%: background/%.fits
endif
$(if $(empty),,$(alone:%=done/elastic/%)): done/elastic/%: spectra/%.fits
$(if $(empty),,$(joined:%=done/elastic/%)): done/elastic/%: merged/%.fits
$(fitted:%=done/elastic/%): done/elastic/%: $(calib) $(model) $(table) $(atoms) done/cell.list | elastic/ done/elastic/ failed/
	$(ixs)elastic --keep-time --failed failed/$* $(threads) $(ELASTIC) $(model:%=-m %) $(atoms:%=-e %) -c $(calib) $(filter spectra/$*.fits merged/$*.fits background/$*.fits,$^) -o elastic/$*.fits
	@touch $@
$(fitted:%=elastic/%.fits): elastic/%.fits: done/elastic/%
	+$(kept)

# ---- fit/: phonons
$(fitted:%=done/fit/%): done/fit/%: elastic/%.fits $(calib) $(model) $(table) | fit/ done/fit/ failed/
	$(ixs)fit --keep-time --failed failed/$* $(threads) $(FIT) $(model:%=-m %) -c $(calib) $< -o fit/$*.fits
	@touch $@
$(fitted:%=fit/%.fits): fit/%.fits: done/fit/%
	+$(kept)

# ---- dispersion.fits: branches
done/dispersion: $(sound:%=fit/%.fits) $(branches) $(overlays) done/sound.list
	$(ixs)dispersion --keep-time $(DISPERSION) -e $(branches) $(sound:%=fit/%.fits) -o dispersion.fits
	@touch $@
dispersion.fits: done/dispersion
	+$(kept)

# ---- pictures
define draw
$(fitted:%=pictures/%.$1): pictures/%.$1: fit/%.fits | pictures/
	$(ixs)plot $$< -o $$@
responses.$1: $(calib)
	$(ixs)plot $$< -o $$@
dispersion.$1: dispersion.fits
	$(ixs)plot $$< -o $$@
thermal.$1: dispersion.fits
	$(ixs)plot --view thermal $$< -o $$@
endef
$(foreach kind,$(PICTURES),$(eval $(call draw,$(kind))))
drawn := $(foreach kind,$(PICTURES),responses.$(kind) $(if $(sound),dispersion.$(kind)) $(fitted:%=pictures/%.$(kind)))

# ---- report/: pages for a browser
# A page says of each of its scans how it ended, and of those that were merged what became of them.
raws = $(patsubst %,raw/%.fits,$(foreach name,$1,$(if $(filter $(name),$(joined)),$(call members,$(name)),$(name))))
sets = $(patsubst %,merged/%.fits,$(filter $1,$(joined)))
$(alone:%=report/%.html): report/%.html: | raw/%.fits
$(fitted:%=report/%.html): report/%.html: fit/%.fits | report/
	$(ixs)report $(REPORT) $< $(call sets,$*) $(call raws,$*) -o $@
report/index.html: $(calib) dispersion.fits $(sound:%=fit/%.fits) done/pages.list | $(phonon:%=raw/%.fits) report/
	$(ixs)report $(REPORT) --reasons failed $(calib) dispersion.fits $(sound:%=fit/%.fits) $(call sets,$(sound)) $(phonon:%=raw/%.fits) -o $@
report/calibration.html: $(calib) | report/
	$(ixs)report $(REPORT) $< -o $@
scan_pages := $(fitted:%=report/%.html)
pages := $(scan_pages) $(if $(sound),report/index.html report/calibration.html)

# ---- what you ask for
raw: $(imports)
calib: $(calib)
spectra: $(fitted:%=elastic/%.fits)
fit: $(fitted:%=fit/%.fits)
dispersion: $(if $(sound),dispersion.fits)
pictures: $(drawn)
pages: $(scan_pages)
report: $(pages)

check:
	@$(ixs)show --check $(wildcard calib.fits dispersion.fits raw/*.fits spectra/*.fits merged/*.fits background/*.fits elastic/*.fits fit/*.fits)

clean:
	rm -rf raw spectra merged background elastic fit pictures report failed done plan
	rm -f calib.fits dispersion.fits $(foreach name,responses dispersion thermal,$(PICTURES:%=$(name).%))

# A program that was built anew is a changed input too, where a rule can name it.
program = $(if $(quote),,$(wildcard $(ixs)$1))
plan/scans.mk: $(call program,plan)
$(imports): $(call program,import)
done/calib: $(call program,calibrate)
$(scans:%=done/spectra/%): $(call program,reduce)
$(joined:%=done/merged/%): $(call program,merge)
$(fitted:%=done/background/%): $(call program,background)
$(fitted:%=done/elastic/%): $(call program,elastic)
$(fitted:%=done/fit/%): $(call program,fit)
done/dispersion: $(call program,dispersion)
$(drawn): $(call program,plot)
$(pages): $(call program,report)

raw/ spectra/ merged/ background/ elastic/ fit/ pictures/ report/ failed/ done/raw/ done/spectra/ done/merged/ done/background/ done/elastic/ done/fit/:
	@mkdir -p $@

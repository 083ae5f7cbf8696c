#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `bench/plan.sh BUILD [SCANS]`: how long a make takes that has nothing to do, over the Makefile of
# ixs-plan with about 20 000 targets (2000 scans, unless told otherwise). The products are empty
# files; the Makefile and scans.mk are real.
set -euo pipefail
build=$(realpath "$1") scans=${2:-2000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset MAKEFLAGS MAKELEVEL MFLAGS
cat >experiment.xml <<'END'
<experiment><instrument name="none"/><spec file="beam.spec"><scans role="phonon">1-999999</scans></spec></experiment>
END
awk -v n="$scans" 'BEGIN {
    print "#F beam\n#E 1\n"
    for (i = 1; i <= n; i++) print "#S " i " ascan E 0 1 1 1\n#N 2\n#L E  Ana1\n0 1\n1 2\n"
}' >beam.spec
"$build/reduce/ixs-plan" experiment.xml -o Makefile
mkdir -p plan done/{raw,spectra,elastic,fit,report} raw spectra elastic fit pictures report failed
"$build/reduce/ixs-plan" --scans experiment.xml -o plan/scans.mk
names=$(sed -n 's/^phonon *+= \([^ ]*\) .*/\1/p' plan/scans.mk)
fill() { # fill FOLDER ENDING ...: as if a stage had been run
    sleep 0.02
    for (( ; $#; )); do
        echo "$names" | sed "s|.*|$1/&$2|" | xargs touch
        shift 2
    done
}
fill raw .fits
sed -n 's/^imports += //p' plan/scans.mk | xargs touch
: >done/reference.list && : >done/cell.list && echo "$names" | xargs echo >done/sound.list
touch done/calib calib.fits plan/scans.mk
for stage in spectra elastic fit; do fill "$stage" .fits "done/$stage" ""; done
fill pictures .svg report .html done/report ""
touch done/dispersion dispersion.fits report/index.html report/calibration.html done/report.index && sleep 0.02
touch dispersion.svg responses.svg
make -q || { make -n | head; echo 'make would do something' >&2; exit 1; }
targets=$(make -q -p 2>/dev/null | awk '/^# Files/ { files = 1 } files && /^[^#\t.][^=]*:/ { n++ } END { print n }')
echo "$targets targets of $scans scans; make that does nothing, seconds:"
for _ in 1 2 3 4 5 6 7 8 9; do
    /usr/bin/env time -f '%U %S %e' make 2>&1 >/dev/null || true
done | awk '{ print $1 + $2, $3 }' | sort -n | awk '{ c[NR] = $1; if (!least || $2 < least) least = $2; if ($2 > most) most = $2 }
    END { print "processor: median " c[int((NR + 1) / 2)] "; by the clock: " least " to " most }'

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_plan.sh BIN ROOT`: the Makefile of ixs-plan on the simulated beamtime. What is redone
# after which change, and no more; a bad scan; a growing file; a draft that runs unedited.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
root=$(realpath "$2")
cd "$work" && ln -s "$(realpath "$1")" bin && cp -r "$root/test_spectra" "$root/configs" . || exit 2
unset MAKEFLAGS MAKELEVEL MFLAGS
export PATH=$work/bin:$PATH

run() { # run OPTION...: the programs that run in one/, counted, once its time differs from now
    sleep 0.05
    make -C one BIN=../bin "$@" 2>&1 | tee said.txt | sed -n 's/^\.\.\/bin\/ixs-\([a-z]*\) .*/\1/p' |
        sort | uniq -c | awk '{ printf "%s%s %s", (NR > 1 ? " " : ""), $2, $1 } END { print "" }'
}

is() { # is NAME EXPECTED FOUND
    [ "$2" = "$3" ] || { echo "# found '$3', expected '$2'" >&2 && tail -n 5 said.txt >&2 && false; }
    say "$1"
}

line_of() { # line_of SCAN: of its #S
    grep -n "^#S $1 " test_spectra/beamtime.spec | head -n 1 | cut -d: -f1
}

# Four scans are enough here: two references, two of phonons.
experiment=test_spectra/experiment.xml
sed -i -e 's|<scans role="reference">1-8|<scans role="other">1-99</scans><scans role="reference">2,5|' \
    -e 's|<scans role="other">9-11,1.2</scans>||' -e 's|12-19|13,14|' $experiment
mkdir one
ixs-plan $experiment -o one/Makefile
say 'a Makefile is written'
all='calibrate 1 dispersion 1 elastic 2 fit 2 import 1 plan 1 plot 4 reduce 2 report 4'
is 'make does everything' "$all" "$(run -j2)"
is 'a second make runs no recipe' '' "$(run)"
make -q -C one BIN=../bin
say 'make -q agrees'
[ -z "$(make -n --no-print-directory -C one BIN=../bin | grep -v 'Nothing to be done')" ]
say 'make -n agrees'

rm one/done/spectra/beamtime_S0013
is 'killed between a product and its stamp: the stage again' 'reduce 1' "$(run)"
touch test_spectra/beamtime.spec
is 'a SPEC file with a new time: the import' 'import 1 plan 1' "$(run)"
sed -i "$(($(line_of 14) - 1))s/^/#C between scans\n/" test_spectra/beamtime.spec
is 'a comment between scans: the import alone' 'import 1 plan 1' "$(run)"
sed -i "$(($(line_of 14) + 60))s/^/#C between rows\n/" test_spectra/beamtime.spec
is 'a comment among the rows: the import, its reduction, no more' 'import 1 plan 1 reduce 1' "$(run)"
cp one/raw/beamtime_S0014.fits before.fits
sed -i "$(($(line_of 14) + 2))s/^/#C inside the scan\n/" test_spectra/beamtime.spec
is "a comment in a scan's header: the import, its reduction, no more" 'import 1 plan 1 reduce 1' "$(run)"
! cmp -s before.fits one/raw/beamtime_S0014.fits
say 'and that RAW has it'
is 'then nothing' '' "$(run)"
sed -i 's|<model>|<model><!-- a remark -->|' test_spectra/model.xml
is 'a comment in the model: nothing but a look' 'plan 1' "$(run)"
sed -i 's|<most_modes>3|<most_modes>2|' test_spectra/model.xml
is 'another model: elastic lines, fits and what follows' 'dispersion 1 elastic 2 fit 2 plan 1 plot 3 report 3' \
    "$(run -j2)"
sed -i 's|</spec>|&<exclude scan="14" analyzer="Ana3" from="1" to="5" reason="a test"/>|' $experiment
is 'an exclusion: its scan and what follows' 'dispersion 1 elastic 1 fit 1 plan 1 plot 2 reduce 1 report 2' "$(run)"
sed -i 's|<exclude[^>]*>||' $experiment
is 'taken back: the same' 'dispersion 1 elastic 1 fit 1 plan 1 plot 2 reduce 1 report 2' "$(run)"
rm one/fit/beamtime_S0013.fits one/raw/beamtime_S0013.fits
is 'products that were deleted are made again' 'dispersion 1 fit 1 import 1 plot 1 reduce 1 report 2' \
    "$(run)"
is 'then nothing' '' "$(run)"
rm bin && mkdir bin && ln -s "$(realpath "$1")"/ixs-* bin &&
    rm bin/ixs-fit && cp "$(realpath "$1")/ixs-fit" bin/ixs-fit
is 'a program built anew is run' 'fit 2' "$(run -j2)"

# ---- a product made again from its ancestors, and products compared
mkdir again && ixs-show --history one/dispersion.fits >again/remake.mk && cp test_spectra/beamtime.spec again/mine.spec
mkdir again/from && mv again/mine.spec again/from/beamtime.spec
make -C again -f remake.mk FROM=from BIN=../bin/ >said.txt 2>&1 && cmp one/dispersion.fits again/dispersion.fits ||
    { tail said.txt >&2; false; }
say '--history makes the product again, byte for byte'
ixs-show --diff one/dispersion.fits again/dispersion.fits >said.txt && [ ! -s said.txt ]
say '--diff finds them equal'
ixs-show --diff one/fit/beamtime_S0013.fits one/fit/beamtime_S0014.fits >said.txt 2>&1
[ $? = 1 ] && grep -q '^MODES.OMEGA0: .*rows' said.txt && grep -q '^MODES: \|^SPECTRA.Q: ' said.txt
say '--diff tells what differs between two scans'
ixs-show --diff one/spectra/beamtime_S0013.fits one/elastic/beamtime_S0013.fits >said.txt 2>&1
[ $? = 1 ] && [ "$(grep -c '^POINTS' said.txt)" = "$(grep -c '^POINTS.*ELASTIC\|^POINTS.FLAGS' said.txt)" ] && grep -q '^POINTS.ELASTIC' said.txt
say 'and what a stage has added'
ixs-show --diff one/calib.fits one/dispersion.fits >said.txt 2>&1
[ $? = 1 ] && grep -q "^PRODUCT: 'CALIB *' and 'DISPERSION'" said.txt
say 'kinds too'

# ---- roles change
sed -i 's|<scans role="phonon">13,14|<scans role="phonon">13,14,16|' $experiment
is 'one scan more' 'dispersion 1 elastic 1 fit 1 plan 1 plot 2 reduce 1 report 2' "$(run -j2)"
sed -i 's|13,14,16|13,14|' $experiment
is 'one scan less: what is made of all' 'dispersion 1 plan 1 plot 1 report 1' "$(run)"
ixs-show --csv --table POINTS --columns SOURCE one/dispersion.fits | grep -q S0016
[ $? = 1 ]
say 'and it is gone from the dispersion'

# ---- a bad scan holds nothing up
cp test_spectra/beamtime.spec good.spec
sed -i "$(line_of 14),\$s/^#L HerixE /#L Herix_lost /" test_spectra/beamtime.spec
run -j2 >/dev/null
make -s -C one BIN=../bin >said.txt 2>&1
[ $? = 2 ]
say 'a bad scan is an error'
grep -q 'found no column\|expected a scan of HerixE' one/failed/beamtime_S0014
say 'its reason is kept'
ixs-show --csv --table POINTS --columns SOURCE one/dispersion.fits | grep -q S0013 &&
    ! ixs-show --csv --table POINTS --columns SOURCE one/dispersion.fits | grep -q S0014
say 'the others go on without it'
grep -q '^<tr><td>beamtime_S0014</td>.*no fit: raw/beamtime_S0014.fits' one/report/index.html
say 'and the page of the beamtime says why it is not there'
cp good.spec test_spectra/beamtime.spec
run -j2 >/dev/null && run >/dev/null
is 'healed, all is well' ' 0' " $(find one/failed -type f | wc -l)"
is 'and settles' '' "$(run)"
ixs-show --csv --table POINTS --columns SOURCE one/dispersion.fits | grep -q S0014
say 'and it is there again'

# ---- a file that grows: the scan being written waits
mkdir grow && cp good.spec whole.spec
sed -e 's|"beamtime.spec"|"grow.spec"|' -e 's|<scans role="phonon">13,14</scans>|<scans role="phonon">13-99</scans>|' \
    -e 's|file="\.\./configs|file="configs|' -e 's|file="model|file="test_spectra/model|' $experiment >grow.xml
sed "$(($(line_of 14) + 60)),\$d" whole.spec >grow.spec
ixs-plan grow.xml -o grow/Makefile
make -C grow BIN=../bin PICTURES= >said.txt 2>&1
is 'of a growing file the whole scans are reduced' 'grow_S0013.fits' "$(ls grow/spectra)"
grep -q 'grow_S0014 .*may still be written' grow/plan/scans.mk
say 'and the last one waits'
cp whole.spec grow.spec
sleep 0.05 && make -C grow BIN=../bin PICTURES= spectra >said.txt 2>&1
is 'it grew: the new ones' 'import reduce reduce reduce reduce reduce reduce' \
    "$(sed -n 's/^\.\.\/bin\/ixs-\(import\|reduce\) .*/\1/p' said.txt | xargs)"
sed "$(($(line_of 14) + 60)),\$d" whole.spec >grow.spec
sed 's|"grow.spec"|"grow.spec" finished="true"|' grow.xml >over.xml
mkdir over && ixs-plan over.xml -o over/Makefile && make -C over BIN=../bin PICTURES= spectra >said.txt 2>&1 &&
    [ "$(ls over/spectra)" = "$(printf 'grow_S0013.fits\ngrow_S0014.fits')" ]
say 'finished="true" takes the last one as far as it goes'

# ---- repeats: scan 13 once more, as scan 20, and once more at another temperature
mkdir again13 && sed -e 's|"beamtime.spec"|"repeats.spec" finished="true"|' -e 's|13,14</scans>|13-99</scans>|' \
    -e 's|file="\.\./configs|file="configs|' -e 's|file="model|file="test_spectra/model|' $experiment >repeats.xml
{
    sed "$(line_of 15),\$d" whole.spec
    sed -n "$(line_of 13),$(($(line_of 14) - 1))p" whole.spec | sed 's/^#S 13 /#S 20 /'
} >repeats.spec
again13() { # again13 OPTION...: the programs that run in again13/
    sleep 0.05
    make -C again13 BIN=../bin "$@" 2>&1 | tee said.txt | sed -n 's/^\.\.\/bin\/ixs-\([a-z]*\) .*/\1/p' | sort | uniq -c |
        awk '{ printf "%s%s %s", (NR > 1 ? " " : ""), $2, $1 } END { print "" }'
}
ixs-plan repeats.xml -o again13/Makefile
is 'a scan that repeats another is merged with it, the rest is as it was' \
    'calibrate 1 dispersion 1 elastic 2 fit 2 import 1 merge 1 plan 1 plot 4 reduce 3 report 4' \
    "$(again13 -j2)"
is 'they are one in the fits' 'repeats_S0013_merged.fits repeats_S0014.fits' "$(ls again13/fit | xargs)"
ixs-show --csv --table SPECTRA --columns SCANS again13/fit/repeats_S0013_merged.fits | grep -qx '"13,20"'
say 'and named after both'
grep -q 'href="repeats_S0013_merged.html#merged">repeats_S0020</a>.*merged: ' again13/report/index.html &&
    grep -q 'scan 20</b> .*repeats_S0020.fits.* 91 of 91 points' again13/report/repeats_S0013_merged.html
say 'the pages say of both what became of them'
is 'a second make runs no recipe' '' "$(again13)"
rm again13/merged/repeats_S0013_merged.fits
is 'a merged product that was deleted is made again' 'elastic 1 merge 1' "$(again13)"
sed -i 's|</spec>|&<merge repeats="separate"/>|' repeats.xml
is 'repeats apart: the two that were merged' 'dispersion 1 elastic 2 fit 2 plan 1 plot 3 report 3' "$(again13 -j2)"
is 'each has its fit' 'repeats_S0013.fits repeats_S0014.fits repeats_S0020.fits' \
    "$(ls again13/fit | grep -v merged | xargs)"

# ---- drafts
mkdir draft && cd draft || exit 2
ixs-plan --draft ../good.spec -i ../configs/herix.xml -o beam.xml
say 'a draft is written'
ixs-plan --draft ../good.spec -i ../configs/herix.xml -o beam.xml 2>err.txt
[ $? = 4 ] && grep -q -- --force err.txt
say 'and not overwritten'
is 'with every scan' 20 "$(grep -c '<scans role' beam.xml)"
roles=$(sed -n 's/.*<scans role="\([a-z]*\)">\([0-9.]*\)<.*/\1 \2/p' beam.xml | awk '
    { all[$1] = all[$1] " " $2 } END { print "reference:" all["reference"] "; phonon:" all["phonon"] }')
is 'and their roles' 'reference: 1 2 3 4 5 6 7 8; phonon: 12 13 14 15 16 17 18 19' "$roles"
sed -i 's|role="phonon">1[4-9]|role="other">14|; s|role="reference">[3-8]|role="other">3|' beam.xml
ixs-plan beam.xml -o Makefile && make -j2 BIN=../bin >../said.txt 2>&1 && make -q BIN=../bin
say 'it runs'
echo '# mine' >>Makefile
ixs-plan beam.xml -o Makefile 2>err.txt
[ $? = 4 ] && grep -q 'was edited' err.txt && tail -n 1 Makefile | grep -q mine
say 'an edited Makefile is not overwritten'
ixs-plan --force beam.xml -o Makefile && ! grep -q mine Makefile
say 'but with --force'
cd ..

# ---- an empty cell goes with all that are fitted (here another scan stands for one)
cat >cell.xml <<'EOF'
<experiment><instrument file="configs/herix.xml"/><sample name="rock salt"><centring>F</centring></sample>
<cell transmission="0.1"/><spec file="test_spectra/beamtime.spec"><scans role="other">1-99</scans>
<scans role="reference">5</scans><scans role="phonon">13</scans><scans role="cell">14</scans></spec></experiment>
EOF
mkdir cell
with_cell() { # with_cell [GOAL]: the programs that run in cell/
    sleep 0.05
    make -C cell BIN=../bin BACKGROUND='--momentum 0.2' "${1:-fit}" 2>&1 | sed -n 's/^\.\.\/bin\/ixs-\([a-z]*\) .*/\1/p' | sort | uniq -c |
        awk '{ printf "%s%s %s", (NR > 1 ? " " : ""), $2, $1 } END { print "" }'
}
ixs-plan cell.xml -o cell/Makefile
is 'a cell is reduced and goes with the scan' \
    'background 1 calibrate 1 elastic 1 fit 1 import 1 plan 1 reduce 2' "$(with_cell)"
ixs-show --csv --table PARAMETERS --columns COMPONENT cell/fit/beamtime_S0013.fits | grep -q '^cell$'
say 'and is in its fit'
is 'a second make runs no recipe' '' "$(with_cell)"
sed -i 's|transmission="0.1"|transmission="0.2"|' cell.xml
is 'another transmission: what it concerns' 'background 1 elastic 1 fit 1 plan 1' "$(with_cell)"
sed -i 's|role="cell"|role="other"|' cell.xml
is 'no cell after all' 'elastic 1 fit 1 plan 1' "$(with_cell)"

# ---- what the experiment names beside itself
ixs-show --csv --table MOMENTS --columns SCALE cell/elastic/beamtime_S0013.fits | grep -q '[0-9]'
[ $? = 1 ]
say 'without atoms there is no absolute scale'
sed -i 's|</centring>|&<form_factor><atom element="Na"/><atom element="Cl"/></form_factor>|' cell.xml
is 'atoms: whatever reads of the sample' 'calibrate 1 elastic 1 fit 1 plan 1 reduce 1' "$(with_cell)"
ixs-show --csv --table MOMENTS --columns SCALE cell/elastic/beamtime_S0013.fits | grep -q '[0-9]'
say 'and with them there is'
echo '<model><modes>0</modes><quasielastic>true</quasielastic><table file="cut.txt" kind="quantum"/></model>' >table.xml
printf '%s\n' '-30 0.1' '-5 1' '5 1' '30 0.1' >cut.txt
sed -i 's|<sample|<model file="table.xml"/>&|' cell.xml
is 'a model with a calculated cut' 'elastic 1 fit 1 plan 1' "$(with_cell)"
ixs-show --csv --table SPECTRA --columns ELASTIC_STATUS cell/elastic/beamtime_S0013.fits | grep -q inseparable
say 'is that of the elastic lines too'
sleep 0.05 && sed -i 's/^5 1/5 1.2/' cut.txt
is 'another cut: what it concerns' 'elastic 1 fit 1' "$(with_cell)"
is 'then nothing' '' "$(with_cell)"
printf 'q,energy\n0,0\n0.5,10\n' >lines.csv
sed -i 's|</experiment>|<dispersion><overlay file="lines.csv"/></dispersion>&|' cell.xml
is 'calculated branches' 'dispersion 1 plan 1' "$(with_cell dispersion)"
sleep 0.05 && echo 0.6,11 >>lines.csv
is 'and others' 'dispersion 1' "$(with_cell dispersion)"

# ---- bad input
for text in '<spec file="none.spec"/>' '<spec file="a b.spec"/>' '' \
    '<spec file="good.spec"><scans role="phonon">7-3</scans></spec>' \
    '<spec file="good.spec"/><spec file="./good.spec"/>' \
    '<spec file="good.spec"><scans role="lunch">7</scans></spec>'; do
    echo "<experiment><instrument file=\"configs/herix.xml\"/>$text</experiment>" >bad.xml
    ixs-plan --scans bad.xml -o bad.mk 2>err.txt
    code=$?
    { [ $code = 2 ] || [ $code = 3 ]; } && [ ! -e bad.mk ] && grep -q 'error: .*found\|cannot be opened' err.txt ||
        { cat err.txt >&2; false; }
    say "refused with a reason: ${text:-nothing to do}"
done
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# manners.sh REDUCE_FOLDER ROOT: what every program does alike: help whose example works, man page,
# completion, --deps, --print-config, --dry-run, --keep-time, --strict, --verbose, the same bytes
# whatever the folder, user, locale and time. Speaks TAP.
set -u
. "$(dirname "$0")/tap.sh"
bin=$(cd "$1" && pwd) root=$(cd "$2" && pwd)
cd "$work" || exit 99
export PATH=$bin:$PATH

cp -r "$root/test_spectra" "$root/configs" . # names that a Makefile can hold, wherever we are
# In the order in which one example makes what the next one reads.
programs='ixs-import ixs-calibrate ixs-reduce ixs-merge ixs-background ixs-elastic ixs-fit ixs-dispersion ixs-plot ixs-show ixs-simulate ixs-plan ixs-report ixs-watch'
[ "$(cd "$bin" && ls ixs-* | grep -vF . | sort | xargs)" = "$(echo $programs | tr ' ' '\n' | sort | xargs)" ]
say 'every program is looked at'
for program in $programs; do
    [ $program != ixs-background ] || cp spectra.fits cell.fits # the demo measured none
    "$program" --help >help.txt
    example=$(sed -n '/^Example:/{n;s/^ *//;p}' help.txt)
    case $example in "$program "*) true ;; *) false ;; esac
    say "$program: --help ends with an example"
    bash -euc "$example" >out.txt 2>err.txt || { cat err.txt >&2; false; }
    say "$program: the example works: $example"
    if command -v groff >/dev/null; then
        "$program" --man | groff -man -ww -Tutf8 >page.txt 2>roff.txt && [ ! -s roff.txt ] || { cat roff.txt >&2; false; }
        say "$program: the man page is good roff"
    else
        skip "$program: the man page is good roff" 'groff is not installed'
    fi
    missing=$(grep -oE -- '--[a-z0-9-]+' help.txt | sort -u | while read -r option; do
        "$program" --man | sed 's/\\-/-/g' | grep -qF -- "$option" || echo "$option"; done)
    [ -z "$missing" ] || { echo "not in the man page: $missing" >&2; false; }
    say "$program: the man page has every option"
    replies=$(bash -c '. <("$0" --completion); COMP_WORDS=("$0" --ver); COMP_CWORD=1
        "_${0//-/_}"; echo "${COMPREPLY[@]}"' "$program")
    case " $replies " in *" --version "*) true ;; *) echo "found '$replies'" >&2; false ;; esac
    say "$program: completion knows its options"
done
touch 'a file.fits'
replies=$(bash -c '. <(ixs-show --completion); COMP_WORDS=(ixs-show "a f"); COMP_CWORD=1; _ixs_show
    printf "%s\n" "${COMPREPLY[@]}"')
[ "$replies" = 'a file.fits' ]
say 'completion keeps names with blanks whole'

# ---- --deps
ixs-reduce -q raw/beamtime_S0012.fits -e test_spectra/experiment.xml -c calib.fits -o 'my spectra.fits' --deps d.mk
say '--deps: the run works'
for file in raw/beamtime_S0012.fits test_spectra/experiment.xml herix.xml calib.fits; do
    grep -qF "$file" d.mk
    say "--deps names $file"
done
printf 'my\\ spectra.fits: ; touch "$@"\ninclude d.mk\n' >Makefile
[ "$(make -s -q 'my spectra.fits' 2>/dev/null; echo $?)" = 0 ]
say '--deps: make finds the product up to date'
touch -d '+1 hour' calib.fits
[ "$(make -s -q 'my spectra.fits' 2>/dev/null; echo $?)" = 1 ]
say '--deps: make sees that an input is newer'
sed -i 's/calib\.fits/gone.fits/' d.mk
make -s -n 'my spectra.fits' >/dev/null 2>&1
say '--deps: a file that vanished is no error'
ixs-reduce -q raw/beamtime_S0012.fits -e test_spectra/experiment.xml -o s.fits --deps 'no folder/d.mk' 2>err.txt
[ $? = 4 ] && grep -q 'no folder/d.mk: error:' err.txt
say '--deps: a rule that cannot be written is exit 4'

# ---- --print-config, --dry-run, --verbose
ixs-reduce -q raw/beamtime_S0012.fits -e test_spectra/experiment.xml -o none.fits --print-config >config.xml
say '--print-config: the run works'
grep -q '<centring>F</centring>' config.xml && grep -q '<pitch unit="deg">' config.xml
say '--print-config shows experiment and instrument'
[ ! -e none.fits ]
say '--print-config writes no product'
ixs-fit -q elastic.fits -c calib.fits -o none.fits --dry-run && [ ! -e none.fits ]
say '--dry-run writes no product'
ixs-fit --dry-run -v elastic.fits -c calib.fits -o none.fits 2>&1 | grep -qx 'ixs-fit: read elastic.fits'
say '--verbose says what was read'

# ---- --keep-time and unchanged products
touch -d '2001-01-01' spectra.fits
cp -p spectra.fits before.fits
ixs-reduce -q raw/beamtime_S0012.fits -e test_spectra/experiment.xml -c calib.fits -o spectra.fits --keep-time
cmp -s spectra.fits before.fits && [ ! spectra.fits -nt before.fits ]
say '--keep-time: an unchanged product keeps bytes and time'
ixs-reduce -q raw/beamtime_S0012.fits -e test_spectra/experiment.xml -c calib.fits -o spectra.fits
cmp -s spectra.fits before.fits && [ spectra.fits -nt before.fits ]
say 'without it it keeps its bytes and gets the present time'

# ---- --strict
cp fit.fits old.fits
ixs-fit -q --all --strict --modes 0 elastic.fits -c calib.fits -o old.fits 2>err.txt
[ $? = 1 ] && cmp -s fit.fits old.fits && grep -q ': poor' err.txt
say '--strict: a poor fit is exit 1 and the old product stays'

# ---- --accept-changed
printf '\377' | dd of=before.fits bs=1 seek=$(($(stat -c %s before.fits) - 3000)) conv=notrunc 2>/dev/null
ixs-elastic -q before.fits -c calib.fits -o e.fits 2>err.txt
[ $? = 3 ] && grep -q 'accept-changed' err.txt
say 'a changed product is refused, naming --accept-changed'
ixs-elastic -q --accept-changed before.fits -c calib.fits -o e.fits && ixs-show --history e.fits | grep -qi 'checksum\|changed'
say '--accept-changed takes it and the history tells'

# ---- the same bytes from another folder, user, locale and time
mkdir other && cp -r raw calib.fits other && cp -r "$root/test_spectra" "$root/configs" other
(cd other && LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 TZ=Asia/Tokyo HOME=/nowhere USER=somebody \
    ixs-reduce -q ./raw/../raw/beamtime_S0012.fits -e "$root/test_spectra/experiment.xml" -c ./calib.fits -o ./spectra.fits &&
    TZ=America/Lima ixs-fit -q -j 2 ../elastic.fits -c calib.fits --curves -o fit.fits)
cmp spectra.fits other/spectra.fits && cmp fit.fits other/fit.fits
say 'another folder, user, locale, time zone and -j: the same bytes'
ixs-plot --analyzer Ana7 fit.fits -o again.svg && cmp Ana7.svg again.svg
say 'a picture drawn twice: the same bytes'

# ---- a SPEC file that grew
head -n 1200 test_spectra/beamtime.spec >grow.spec
ixs-import -q grow.spec -o early && cp -r early kept
cp test_spectra/beamtime.spec grow.spec
ixs-import -q grow.spec -o early
last=$(ls kept | tail -n 1) same=yes
for file in kept/*; do
    [ "${file##*/}" = "$last" ] || cmp -s "$file" "early/${file##*/}" || same=no
done
[ $same = yes ] && [ "$(ls early | wc -l)" -gt "$(ls kept | wc -l)" ]
say 'a SPEC file that grew changes no earlier product'
sed 's/^#S 12 /#C a comment between scans\n#S 12 /' test_spectra/beamtime.spec >grow.spec
cp -r early before_comment
ixs-import -q grow.spec -o early && diff -r early before_comment
say 'a comment between scans changes nothing'
sed 's/<centring>F/<!-- a remark --><centring>F/' test_spectra/experiment.xml >remark.xml
sed -i "s#../configs/#configs/#" remark.xml && cp remark.xml experiment.xml
ixs-reduce -q raw/beamtime_S0012.fits -e experiment.xml -c calib.fits -o remark.fits && ixs-show --csv remark.fits >a.csv && ixs-show --csv spectra.fits >b.csv && cmp a.csv b.csv
say 'a comment in the XML changes no number'

# ---- an edited XML element touches only what used it
sed "s#../configs/#configs/#" test_spectra/experiment.xml >experiment.xml
edit() { # edit SED: reduces scans 12 and 13 with the edited experiment, says which products changed
    sed -i "$1" experiment.xml
    local scan changed=
    for scan in 12 13; do
        ixs-reduce -q raw/beamtime_S00$scan.fits -e experiment.xml -c calib.fits -o edited_$scan.fits
        [ ! -e was_$scan.fits ] || cmp -s edited_$scan.fits was_$scan.fits || changed="$changed $scan"
        cp edited_$scan.fits was_$scan.fits
    done
    echo "changed:$changed"
}
[ "$(edit '')" = 'changed:' ]
say 'without an edit nothing changes'
[ "$(edit 's#</experiment>#<exclude scan="13" analyzer="Ana3" reason="test"/></experiment>#')" = 'changed: 13' ]
say 'an exclusion touches only its scan'
[ "$(edit 's#</experiment>#<exclude scan="77" reason="test"/></experiment>#')" = 'changed:' ]
say 'an exclusion of another scan touches nothing'
[ "$(edit 's#file="model.xml"#file="no-such.xml"#')" = 'changed:' ]
say 'the name of the model does not concern a reduction'
[ "$(edit 's#<centring>F#<centring>P#')" = 'changed: 12 13' ]
say 'the centring touches both'

# ---- nothing is lost, nothing counts twice
refuse() { # refuse TEXT COMMAND...: exit 2 with that text, and the files it names stay as they were
    local text=$1 before after
    shift
    before=$(cat fit.fits calib.fits experiment.xml | sha256sum)
    "$@" 2>err.txt
    [ $? = 2 ] || return 1
    after=$(cat fit.fits calib.fits experiment.xml | sha256sum)
    grep -qF -- "$text" err.txt && [ "$before" = "$after" ]
}
check 'an output that is an input' refuse 'the same file as input and output' \
    ixs-fit elastic.fits -c calib.fits -o calib.fits
check 'a dependency file that is an input' refuse 'the same file as input and output' \
    ixs-reduce raw/beamtime_S0012.fits -e experiment.xml -o x.fits --deps experiment.xml
check 'an input given twice' refuse 'the same file twice' \
    ixs-dispersion fit.fits ./fit.fits -o x.fits
sed 's#</experiment>#<exclude analyzer="Ana33" reason="test"/></experiment>#' experiment.xml >misspelt.xml
check 'an analyzer that the instrument does not have' refuse 'found analyzer Ana33 in <exclude>' \
    ixs-reduce raw/beamtime_S0012.fits -e misspelt.xml -o x.fits
check 'a range upside down' refuse 'expected from < to' \
    ixs-fit elastic.fits -c calib.fits -o x.fits --from 20 --to 10

# ---- a fit says whose response it went through
ixs-calibrate -q -i configs/herix.xml -o nominal.fits
ixs-fit -q --modes 2 elastic.fits -c nominal.fits -o nominal_fit.fits
words=$(ixs-show --csv --table MODES --columns RESPONSE,LIFETIME,FWHM_UL90 nominal_fit.fits | sort -u | grep -v RESPONSE)
[ "$words" = 'nominal,,' ]
say 'behind a nominal response there is no lifetime and no limit'
finish

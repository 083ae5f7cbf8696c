#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_pages.sh IXS-REPORT PAGE-SAMPLES VIEW-SAMPLES`: pages of what no small beamtime has: modes
# through temperatures, merged scans, spectra fitted together, analyzers that are dead, fits that
# failed, 200 scans, odd names.
set -uo pipefail
report=$(realpath "$1") samples=$(realpath "$2") views=$(realpath "$3") here=$(dirname "$(realpath "$0")")
. "$here/tap.sh"
. "$here/browser.sh"
cd "$work" && "$samples" made && "$views" views && cd made || exit 2
odd='a <b> & "c" #1 50%'
mkdir failed && echo 'raw/beam_S0063.fits: error: found <nothing>, expected counts [ixs-reduce]' >failed/beam_S0063

says() { # says PAGE TEXT...: all of them, as they stand
    local page=$1 text
    for text in "${@:2}"; do
        grep -qF -- "$text" "$page" || { echo "$page lacks: $text" && return 1; }
    done
}
lacks() { # lacks PAGE TEXT...
    local page=$1 text
    for text in "${@:2}"; do
        ! grep -F -m 1 -- "$text" "$page" || return 1
    done
}
well_formed() { # well_formed PAGE...: every element is closed by its own
    python3 - "$@" <<'END'
import sys
from html.parser import HTMLParser
class Page(HTMLParser):
    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"{self.name}: </{tag}> closes nothing")
for name in sys.argv[1:]:
    page = Page(); page.open = []; page.name = name
    page.feed(open(name, encoding="utf-8").read())
    if page.open or not page.name:
        sys.exit(f"{name}: {page.open} is not closed")
END
}

# ---- modes through temperatures
is_drawn() { # is_drawn CLASS COUNT: so many dots in the section of modes against temperature
    local count
    count=$(sed -n '/id="thermal"/,$p' thermal.html | grep -o "class=\"$1\" d=\"M[^\"]*" | grep -o h0 | wc -l)
    echo "$count dots of $1, expected $2" && [ "$count" = "$2" ]
}
thermal() {
    "$report" dispersion.fits fit.fits -o thermal.html &&
        says thermal.html 'id="thermal"' '2 modes were followed through 3 temperatures from 100 to 300 K' \
            '1 of 6 widths that are limits' '1 of 6 told by their relaxation alone' '1 of 6 left out as outliers' \
            'FWHM ∝ T^n, n = 1.00(5)' 'law of FWHM: power (2)' 'overdamped above 250(12) K (1 of 2)' \
            'kappa = 1.20(10) W/m/K x (T/200 K)^-1.00(5): as if isotropic' 'κ ∝ T<sup>-1.00(5)</sup>' \
            '2.00(10) (T/200 K)<sup>1.00(5)</sup>' &&
        [ "$(grep -c 'aria-label="energy and linewidth against temperature"' thermal.html)" = 2 ] &&
        [ "$(grep -c 'aria-label="thermal conductivity against temperature"' thermal.html)" = 1 ] &&
        is_drawn "m0 dots" 4 && is_drawn "total dots" 5 && is_drawn "elastic dots" 2 &&
        grep -q 'class="total" d="M[0-9]* [0-9]*v[0-9]*l-[0-9]* -[0-9]*m' thermal.html
}
check 'laws, conductivity, what is left out: in words and pictures' thermal
check 'without temperatures there is no such section' eval '"$report" fit.fits calib.fits -o plain.html && lacks plain.html "id=\"thermal\"" "Against temperature"'
branches() {
    says thermal.html '<span class="m0">●</span> 1</td>' '3.00(4)' 'branch 1: response lent'
}
check 'branches with their velocities, and what to keep in mind' branches

crystal() {
    "$report" crystal.fits -o crystal.html &&
        says crystal.html 'elastic constants at 100 K: C11 = 50.1(3), C12 = 20.2(3) GPa' 'elastic constants at 300 K: C11 = 48.3(3) GPa' \
            'branch 1: density x velocity^2 = C11 = 50.1(4) GPa' 'branch 1 crosses branch 2 at 0.31' 'dashed: LDA &amp; co' \
            'Phonon energies: path &lt;1&gt;' 'Full linewidths: path &lt;2&gt;' &&
        [ "$(grep -c 'against q"' crystal.html)" = 4 ] && [ "$(grep -o 'class="elastic dash" d="M' crystal.html | wc -l)" -ge 1 ]
}
check 'paths, elastic constants, crossings, a calculated dispersion' crystal

# ---- merged scans
index() {
    "$report" --reasons failed "fit/$odd.fits" fit/{dead,set,together}.fits calib.fits merged/set.fits raw/*.fits -o index.html &&
        says index.html '<a href="set.html#merged">beam_S0060</a>' '<a href="set.html#merged">beam_S0061</a>' \
            'merged: 273 of 273 points of 3 analyzers</td>' \
            'merged: 117 of 120 points of 3 analyzers, left out 3 spikes (spikes and dips: Ana7)' 'ABORTED' \
            'left out 91 flagged before; nothing of Ana9; Ana5 differs from the other scans' \
            '3 scans were merged with repeats' 'in 1 of them some analyzer differs'
}
check 'the index has every merged scan with its fate, linked to the set' index
check 'and a scan that failed with its reason' says index.html \
    'no fit: raw/beam_S0063.fits: error: found &lt;nothing&gt;, expected counts [ixs-reduce]'
check 'names of markup are text, and addresses' eval 'says index.html "href=\"a%20%3Cb%3E%20%26%20%22c%22%20%231%2050%25.html\"" "a &lt;b&gt; &amp; &quot;c&quot; #1 50%" && lacks index.html "<b> &" "<this>"'
set_page() {
    "$report" fit/set.fits merged/set.fits raw/beam_S006[01].fits "raw/$odd.fits" -o set.html &&
        says set.html 'id="merged"' '<b>scan 61</b>' 'beam_S0061: ascan' '<td class="fair">differs</td>' '0.020(10)' &&
        [ "$(grep -c '<tr><td>6[012]</td>' set.html)" = 9 ]
}
check 'the page of the set says it of each analyzer' set_page
refused() { # refused TEXT ARGUMENT...
    ! "$report" "${@:2}" -o bad.html 2>err.txt && says err.txt "$1" && [ ! -e bad.html ]
}
check 'SPECTRA that were not merged are refused' refused 'found a SPECTRA, expected FIT' fit.fits spectra.fits
check 'and merged ones alone' refused 'found SPECTRA alone' merged/set.fits
check 'a file for the folder of reasons' refused 'failed/beam_S0063: error: found a file, expected a folder' \
    --reasons failed/beam_S0063 fit/set.fits raw/beam_S0060.fits
check 'by number, where products have other names' eval 'cp merged/set.fits other.fits && cp fit/set.fits other_fit.fits && mkdir -p one && cp raw/beam_S0061.fits one/x.fits && "$report" fit/set.fits calib.fits merged/set.fits one/x.fits -o number.html && says number.html "91 of 91 points, ABORTED" && lacks number.html "no fit"'

check 'by name, where another file has a scan of that number' eval 'cp raw/beam_S0060.fits one/y.fits && mkdir two && cp raw/beam_S0060.fits two/beam_S0061.fits && "$report" fit/set.fits calib.fits merged/set.fits two/beam_S0061.fits one/*.fits -o named.html && grep -q "^<tr class=\"member\">.*beam_S0061</a>.*<td class=\"long\"></td></tr>" named.html'

# ---- fitted together, the number of modes, the empty cell
together() {
    "$report" fit/together.fits -o together.html &&
        says together.html 'Fitted together' '9000 / 6000' 'dho1.omega0 = 4.99(2) meV' '0.80(2)' 'empty cell' 'class="cell"' \
            'how many modes there are is not sure: 1 mode 42 %, 2 modes 58 %; 2 were fitted' \
            'set 1 of 70 spectra fitted together is poor: spectra do not agree &lt;in&gt; what they share' '100 to 300 K' \
            'and 22 more spectra' \
            'By bootstrap' '<td>dho1.fwhm</td><td class="number">0.9(2)</td>' '0.7 .. 1.2' 'By Markov chains' \
            '<td class="bad">refused</td>' && [ "$(grep -c '<svg' together.html)" = 48 ]
}
check 'sets, what they share, evidence, the empty cell; the first 48 of 70 pictures' together
check 'a page of a scan is below 500 kB' test "$(stat -c %s together.html)" -lt 500000

# ---- nothing good
dead() {
    "$report" fit/dead.fits -o dead.html && "$report" "fit/$odd.fits" -o "$odd.html" &&
        says dead.html 'class="verdict bad"' '0 of 9 analyzers fitted well, 0 modes' \
            'Ana1, Ana2, Ana3, Ana4, Ana5, Ana6, Ana7, Ana8, Ana9 are no-data: because of &lt;this&gt;' &&
        says "$odd.html" 'are not-converged' && lacks dead.html ' K ·' nan &&
        "$report" fit/dead.fits calib.fits -o dead_index.html &&
        says dead_index.html 'class="verdict bad"' 'Ana1 gave no data in any of its 1 spectrum: because of'
}
check 'all analyzers dead, a fit that failed, no temperature' dead
odd_views() {
    local kind
    for kind in awkward empty; do
        "$report" ../views/$kind/{fit,calib,dispersion,raw}.fits -o $kind.html && "$report" ../views/$kind/fit.fits -o ${kind}_fit.html &&
            "$report" ../views/$kind/calib.fits -o ${kind}_calib.html && lacks $kind.html nan inf || return 1
    done
}
check 'products that are empty or awkward' odd_views

# ---- 200 scans
many() {
    "$report" many/*.fits -o many.html && says many.html '200 fits, 1800 spectra' '600 modes were followed' 'and 480 that are not drawn here' &&
        [ "$(grep -c 'href="beam_S0' many.html)" = 200 ]
}
check '200 scans, 600 modes at six temperatures' many
check 'are below 3 MB' test "$(stat -c %s many.html)" -lt 3000000
check 'the same bytes again' eval '"$report" many/*.fits -o again.html && cmp many.html again.html'
check 'nothing is fetched, nothing is run' eval '! grep -lE "src=|url\(|@import|<script|https?://" ./*.html'
check 'every element is closed' well_formed ./*.html

# ---- in a browser
if [ -n "$browser" ]; then
    cp ./*.html "$work" && cd "$work" || exit 2
    for page in thermal crystal index set together many awkward empty; do
        check "$page: no complaint" look "$page" 1400 "$page.html"
        [ $page = empty ] && continue
        for width in 390 1400; do
            check "$page, $width wide: nothing cut off, nothing upon another, no scrolling sideways" eval '[ "$(ask $page.html $width | tee /dev/stderr)" = well ]'
        done
    done
else
    skip 'in a browser' 'chromium is not here'
fi
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_report.sh BIN ROOT`: the pages of ixs-report: what is on them, that they need nothing
# from outside, that no name can break them, and how a browser takes them (headless Chromium, where
# it is installed).
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2")
. "$here/tap.sh"
. "$here/browser.sh"
. "$here/fault_scene.sh"
cd "$work" && scene_xml "$root" . && sed -i 's|name="rock salt"|name="a \&lt;b\&gt; \&amp; \&quot;c\&quot;"|' experiment.xml &&
    scene_products "$bin" . 1 >said 2>&1 || { cat said >&2; exit 2; }

"$bin/ixs-report" f2.fits -o scan.html && "$bin/ixs-report" f2.fits f3.fits calib.fits dispersion.fits -o index.html
say 'pages are written'
[ "$(grep -c '<svg' scan.html)" = 2 ] && grep -q '2 of 2 analyzers fitted well' scan.html && grep -q 'class="total"' scan.html
say 'a scan: each analyzer with its fit, and a verdict'
modes=$("$bin/ixs-show" --csv --table MODES --columns MODE f2.fits | tail -n +2 | wc -l)
[ "$(grep -o ' meV, FWHM\| meV, relaxation' scan.html | wc -l)" = "$modes" ]
say 'every mode is named'
[ "$(grep -c '<svg' index.html)" = 2 ] && grep -q 'href="f2.html"' index.html && grep -q 'href="f3.html"' index.html
say 'a beamtime: dispersion, linewidths, links to the scans'
"$bin/ixs-report" calib.fits -o calibration.html && [ "$(grep -o 'residual / σ' calibration.html | wc -l)" = 2 ] &&
    [ "$(grep -c 'class="beyond"' calibration.html)" = 2 ] && grep -q 'href="index.html"' calibration.html &&
    grep -q 'href="calibration.html"' index.html
say 'a calibration: each response with its residuals, linked both ways'
grep -q '2 of 2 analyzers calibrated' calibration.html && grep -q 'are known within 10 % only out to' calibration.html
say 'what is to be doubted of it, in words'
"$bin/ixs-report" f2.fits raw/beam_S0002.fits -o whole.html && grep -q '<p>ascan .*: 41 of 41 points, COMPLETE' whole.html &&
    awk '/^#S 2 / { inside = 1 } inside && /^[0-9-]/ && ++rows > 30 { next } inside && /^#S 3 / { exit } { print }' beam.spec >cut.spec &&
    echo '#C Tue Nov 17 12:00:00 2015.  Scan aborted after 30 points.' >>cut.spec &&
    "$bin/ixs-import" -q cut.spec -o cut && cp f2.fits cut_S0002.fits &&
    "$bin/ixs-report" cut_S0002.fits cut/cut_S0002.fits -o cut.html && "$bin/ixs-report" cut_S0002.fits f3.fits calib.fits cut/cut_S0002.fits -o cuts.html &&
    grep -q 'class="verdict fair">.*30 of 41 points, ABORTED' cut.html && grep -q '<td class="long">ascan .*: 30 of 41 points, ABORTED</td>' cuts.html
say 'how a scan ended: on its page, and in the list of the beamtime if it is not whole'
"$bin/ixs-calibrate" -q -i "$root/configs/herix.xml" -o nominal.fits && "$bin/ixs-report" nominal.fits -o nominal.html &&
    grep -q 'Ana1 is nominal: no reference scans' nominal.html && ! grep -q 'residual' nominal.html
say 'nominal responses are told as such'
! grep -qE 'src=|url\(|@import|<script|https?://' scan.html index.html calibration.html nominal.html
say 'nothing is fetched, nothing is run'
grep -q 'a &lt;b&gt; &amp; &quot;c&quot;' scan.html && ! grep -q '<b> &' scan.html
say 'a name with markup is text'
python3 - scan.html index.html calibration.html nominal.html <<'END'
import sys
from html.parser import HTMLParser
void = {"meta", "link", "br"}
class Page(HTMLParser):
    def handle_starttag(self, tag, attrs):
        if tag not in void:
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"{self.name}: </{tag}> closes nothing")
for name in sys.argv[1:]:
    page = Page(); page.open = []; page.name = name
    page.feed(open(name, encoding="utf-8").read())
    if page.open:
        sys.exit(f"{name}: {page.open} is not closed")
END
say 'every element is closed'
[ "$(stat -c %s scan.html)" -lt 500000 ] && [ "$(stat -c %s index.html)" -lt 3000000 ] && [ "$(stat -c %s calibration.html)" -lt 500000 ]
say 'small enough'
"$bin/ixs-report" f2.fits -o again.html && cmp scan.html again.html
say 'the same bytes again'
"$bin/ixs-report" --refresh 7 f2.fits -o again.html && grep -q 'http-equiv="refresh" content="7"' again.html
say '--refresh'
"$bin/ixs-report" s2.fits -o bad.html 2>err.txt
[ $? = 2 ] && [ ! -e bad.html ] && grep -q 'found a SPECTRA, expected FIT' err.txt && "$bin/ixs-report" raw/beam_S0001.fits -o bad.html 2>err.txt
[ $? = 2 ] && [ ! -e bad.html ] && grep -q 'found RAW products alone' err.txt
say 'other products are refused'
"$bin/ixs-fit" -q -c calib.fits e2.fits -o plain.fits && "$bin/ixs-report" plain.fits -o plain.html && grep -q -- 'ixs-fit --curves' plain.html
say 'without curves the page says what is missing'

# ---- in a browser
if [ -n "$browser" ]; then
    for page in scan index calibration; do
        check "$page: no complaint, light" look "$page-light" 1400 $page.html
        check "$page: no complaint, dark" look "$page-dark" 1400 $page.html --force-dark-mode
        check "$page: no complaint, on a phone" look "$page-phone" 390 $page.html
        [ "$(stat -c %s "$page-light.png")" -gt 20000 ] && ! cmp -s "$page-light.png" "$page-dark.png" &&
            ! cmp -s "$page-light.png" "$page-phone.png"
        say "$page: three pictures that differ"
    done
    # In the page: is every path drawn with an extent?
    sed 's|</body>|<script>document.title = [...document.querySelectorAll("svg path")].every(p => { const b = p.getBBox(); return b.width + b.height > 0 }) ? "drawn" : "missing"</script>\&|' scan.html >drawn.html
    run_browser dom --window-size=500,900 --dump-dom "file://$work/drawn.html" 2>/dev/null | grep -q '<title>drawn</title>'
    say 'every path is drawn'
    for page in scan index calibration nominal; do
        for width in 390 1400; do
            check "$page, $width wide: nothing cut off, nothing upon another, no scrolling sideways" eval '[ "$(ask $page.html $width | tee /dev/stderr)" = well ]'
        done
    done
else
    skip 'in a browser' 'chromium is not here'
fi
finish

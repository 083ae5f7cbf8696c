# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# For torture.sh, kill.sh and disk.sh: `scene BIN ROOT FOLDER` makes a beamtime of two analyzers and
# three scans twice, with different counts, below FOLDER/a and FOLDER/b: the names are the same,
# every product differs. `command_of PROGRAM FOLDER` sets the array `words` to a run of that
# program on it, with its outputs under the names `out*` in the present folder.

programs='ixs-import ixs-calibrate ixs-reduce ixs-merge ixs-elastic ixs-fit ixs-dispersion ixs-plot ixs-show ixs-simulate ixs-plan ixs-report'

sanitized() { # sanitized PROGRAM: built so that the allocations and the address space are not its own
    grep -qE '__(asan|tsan|msan|lsan|ubsan)_' "$1"
}

scene_xml() { # scene_xml ROOT FOLDER: instrument, experiment, model and sample
    awk '/<analyzer name="Ana[^56]"/ { skip = 1 } !skip { print } /<\/analyzer>/ { skip = 0 }' \
        "$1/configs/herix.xml" >"$2/instrument.xml" || return 1
    cat >"$2/experiment.xml" <<'END'
<experiment>
  <instrument file="instrument.xml"/>
  <sample name="rock salt"><centring>F</centring></sample>
</experiment>
END
    sed 's|</experiment>|<spec file="beam.spec"/>&|' "$2/experiment.xml" >"$2/beam.xml"
    printf '<model>\n  <most_modes>1</most_modes>\n</model>\n' >"$2/model.xml"
    cat >"$2/sample.xml" <<'END'
<sample name="rock salt" seed="1">
  <origin>/beam</origin><title>rocksalt</title><user>ixs</user><start unit="s">1447258756</start>
  <lattice>
    <a unit="Angstrom">6.06</a><b unit="Angstrom">6.06</b><c unit="Angstrom">6.06</c>
    <alpha unit="deg">90</alpha><beta unit="deg">90</beta><gamma unit="deg">90</gamma>
  </lattice>
  <centring>F</centring>
  <orientation>
    <primary h="4" k="4" l="4" tth="34.7648" th="17.3824" chi="22.8100" phi="7.1925"/>
    <secondary h="4" k="0" l="0" tth="19.8643" th="9.93215" chi="-31.7720" phi="11.1805"/>
  </orientation>
  <temperature unit="K">296</temperature>
  <elastic><area unit="meV.count/s">5</area></elastic>
  <background unit="count/s">0.03</background>
  <branches>
    <branch name="LA" law="linear">
      <velocity unit="km/s">4.6</velocity>
      <width unit="meV">0.5</width>
      <strength unit="meV.count/s">3</strength>
    </branch>
  </branches>
  <standard>
    <area unit="meV.count/s">1500</area>
    <q unit="1/Angstrom">0.986</q><q_width unit="1/Angstrom">0.25</q_width><floor>0.02</floor>
  </standard>
  <array>
    <analyzer name="Ana5" zero="0.43" efficiency="0.9" dark="0.002">
      <component weight="1" center="0" fwhm="1.5" eta="0.5"/>
    </analyzer>
    <analyzer name="Ana6" zero="0.90" efficiency="1.1" dark="0.001">
      <component weight="1" center="0" fwhm="1.6" eta="0.5"/>
    </analyzer>
  </array>
  <beam><rate unit="count/s">220000</rate></beam>
  <energy_axis><step unit="meV">0.03</step></energy_axis>
  <plan>
    <scan kind="reference" main="Ana5" tth="4.7" from="-12" to="12" intervals="48" time="5"/>
    <scan kind="phonon" main="Ana5" h="4.03" k="3.96" l="3.995" from="-12" to="18" intervals="40" time="60"/>
    <scan kind="phonon" main="Ana5" h="4.06" k="3.99" l="4.025" from="-12" to="18" intervals="40" time="60"/>
  </plan>
</sample>
END
}

scene_products() { # scene_products BIN FOLDER SEED: every stage in turn
    (
        cd "$2" && "$1/ixs-simulate" -q sample.xml -i instrument.xml --seed "$3" -o beam.spec &&
            "$1/ixs-import" -q beam.spec -o raw &&
            "$1/ixs-calibrate" -q raw/beam_S0001.fits -i instrument.xml -o calib.fits &&
            for scan in 2 3; do
                "$1/ixs-reduce" -q -e experiment.xml -c calib.fits raw/beam_S000$scan.fits -o s$scan.fits &&
                    "$1/ixs-elastic" -q -c calib.fits s$scan.fits -o e$scan.fits &&
                    "$1/ixs-fit" -q --curves -m model.xml -c calib.fits e$scan.fits -o f$scan.fits || exit 1
            done &&
            "$1/ixs-dispersion" -q f2.fits f3.fits -o dispersion.fits &&
            "$1/ixs-merge" -q --momentum 1 -c calib.fits s2.fits s3.fits -o m.fits &&
            mkdir -p failed && echo "a reason of $3 [ixs-fit]" >failed/beam_S0003
    )
}

scene_archives() { # scene_archives FOLDER COUNTS: a file of SPring-8 with its script, one of ID28
    awk -v more="$2" '
        function fortran(x, digits, p) {
            p = 0
            while (x > 0 && x < 0.1) { x *= 10; p-- }
            while (x >= 1) { x /= 10; p++ }
            return sprintf("%.*fE%s%02d", digits, x, p < 0 ? "-" : "+", p < 0 ? -p : p)
        }
        BEGIN {
            print "meV meV_shf tmk_lin npts secs norm a1 error y_unitpk error ytc ytce"
            for (i = 0; i < 12; i++) {
                n = (i * 7) % 11 + more; m = 1000000 + 1357 * i; y = 1.3 * n / m; s = 1.3 * sqrt(n) / m
                print i - 4, i, 10 * i, 1, 10, fortran(m, 5), fortran(y, 4), fortran(s, 4), \
                    fortran(y * 1e4, 4), fortran(s * 1e4, 4), fortran(y, 4), fortran(s, 4)
            }
        }' >"$1/old_1" &&
        printf 'f_prefix = "old"\ntf_1="A_{1} (1, 2, 3.%d)"\n' "$2" >"$1/gpi.old" &&
        printf '%s %s 0.1\n' 0 1 1 "$2" 2 1 >"$1/a1res_x.nor"
}

scene() {
    mkdir -p "$3/a" "$3/b" && scene_xml "$2" "$3/a" && cp "$3"/a/*.xml "$3/b" &&
        scene_archives "$3/a" 1 && scene_archives "$3/b" 2 &&
        scene_products "$1" "$3/a" 1 && scene_products "$1" "$3/b" 2
}

command_of() {
    case $1 in
    ixs-import) words=("$2/beam.spec" "$2/old_1" "$2/a1res_x.nor" -o out) ;;
    ixs-calibrate) words=("$2/raw/beam_S0001.fits" -i "$2/instrument.xml" -o out.fits) ;;
    ixs-reduce) words=(--deps out.d -e "$2/experiment.xml" -c "$2/calib.fits" "$2/raw/beam_S0002.fits" -o out.fits) ;;
    ixs-merge) words=(--momentum 1 -c "$2/calib.fits" "$2/s2.fits" "$2/s3.fits" -o out.fits) ;;
    ixs-elastic) words=(-c "$2/calib.fits" "$2/s2.fits" -o out.fits) ;;
    ixs-fit) words=(--curves -m "$2/model.xml" -c "$2/calib.fits" "$2/e2.fits" -o out.fits) ;;
    ixs-dispersion) words=("$2/f2.fits" "$2/f3.fits" -o out.fits) ;;
    ixs-plot) words=(--analyzer Ana5 "$2/f2.fits" -o out.svg) ;;
    ixs-show) words=(--json "$2/f2.fits") ;;
    ixs-plan) words=(--scans "$2/beam.xml" -o out.mk) ;;
    ixs-report) words=(--reasons "$2/failed" "$2/f2.fits" "$2/f3.fits" "$2/m.fits" "$2/raw/beam_S0003.fits" "$2/calib.fits" "$2/dispersion.fits" -o out.html) ;;
    ixs-simulate) words=("$2/sample.xml" -i "$2/instrument.xml" --seed "$(basename "$2" | tr ab 12)" -o out.spec) ;;
    esac
}

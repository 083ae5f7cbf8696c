# SPDX-License-Identifier: GPL-3.0-or-later
"""chain_sample.py SEED: the sample XML of one small simulated beamtime for bench/chain.sh.

test_spectra/sample.xml with its own two flat branches and one phonon scan: energies 5 to 24 meV, at
least 5 meV apart; linewidths log-uniform 0.1 to 4 meV; highest counts of the weaker mode log-uniform
10 to 300."""
import math
import random
import re
import sys

KT = 8.617333262145179e-2 * 296
RESPONSE = 1.6  # meV, about the width of all responses
RATE = 2.2      # exposure per second: monitor over its reference


def height(energy, width):
    """Highest intensity of a mode of strength 1 (1/meV), roughly."""
    bose = 1 / (1 - math.exp(-energy / KT))
    return bose * 0.7 / (width + RESPONSE)


def main():
    seed = int(sys.argv[1])
    rng = random.Random(seed)
    first = rng.uniform(5, 18)
    energies = [first, rng.uniform(first + 5, 24)]
    widths = [0.1 * 40 ** rng.random() for _ in energies]
    peak = 10 * 30 ** rng.random()
    counts = [peak, peak * rng.uniform(1, 2)]
    seconds = 30
    branches = "".join(
        f'<branch name="B{k}" law="optic"><energy unit="meV">{energies[k]:.4f}</energy>'
        f'<width unit="meV">{widths[k]:.4f}</width><strength unit="meV.count/s">'
        f"{counts[k] / (seconds * RATE) / height(energies[k], widths[k]):.5f}</strength></branch>"
        for k in range(2))
    with open(sys.argv[2], encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r'seed="\d+"', f'seed="{seed}"', text)
    text = re.sub(r"<branches>.*</branches>", f"<branches>{branches}</branches>", text, flags=re.S)
    text = re.sub(r"\n *<scan kind=\"(?:alignment|phonon)\"[^>]*/>", "", text)
    text = re.sub(r" burst_\w+=\"[^\"]*\"", "", text)
    elastic = peak / (seconds * RATE) * RESPONSE
    text = re.sub(r'<area unit="meV.count/s">0.5</area>',
                  f'<area unit="meV.count/s">{elastic:.5f}</area>', text)
    text = re.sub(r"<background unit=\"count/s\">[^<]*<",
                  f'<background unit="count/s">{0.02 * peak / (seconds * RATE):.6f}<', text)
    scan = ('<scan kind="phonon" main="Ana5" h="4.35" k="4.28" l="4.31" from="-20" to="35" '
            f'intervals="110" time="{seconds}"/>')
    print(text.replace("</plan>", scan + "\n  </plan>"), end="")


main()

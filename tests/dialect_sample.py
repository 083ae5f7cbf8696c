#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample XML for a shipped beamline: `dialect_sample.py INSTRUMENT.xml [SCALE] > sample.xml`.

An invented cubic crystal, two reference scans and three phonon scans; analyzers with zeros,
efficiencies and, where they have thermometers, temperatures of their own; the true energy scale is
SCALE times what the instrument makes of its readings. The same for the same arguments."""
import math
import sys
import xml.etree.ElementTree as ET

root = ET.parse(sys.argv[1]).getroot()
scale = sys.argv[2] if len(sys.argv) > 2 else "1"
line = len(sys.argv) > 3 and sys.argv[3]  # diamond's optical phonon instead of the phonons


def number(path, otherwise):
    element = root.find(path)
    return float(element.text) if element is not None else otherwise


wavelength = number("wavelength", 0.57)
fwhm = number("response/fwhm", 1.5)
nsls2 = root.get("dialect") == "nsls2"
sixcircle = root.get("dialect") in ("spring8", "nsls2")
names = []
for row in root.iter("row"):
    if row.get("prefix") and row.get("unused") != "true":
        count = int(row.get("to")) - int(row.get("from")) + 1
        digits = int(row.get("digits", "1"))
        names += [f"{row.get('prefix')}{int(row.get('first')) + i:0{digits}d}" for i in range(count)]
names += [a.get("name") for a in root.iter("analyzer") if a.get("name") not in names]
unused = {a.get("name") for a in root.iter("analyzer") if a.get("unused") == "true"}
names = [name for name in names if name not in unused]
thermometers = {a.get("name") for a in root.iter("analyzer") if a.find("thermometer") is not None}
middle = names[len(names) // 2]


def two_theta(q):
    return 2 * math.degrees(math.asin(q * wavelength / (4 * math.pi)))


def angles(h):
    tth = two_theta(2 * math.pi * h / 6.06)
    return f'tth="{tth:.4f}" th="{tth / 2:.4f}"'


array = []
for i, name in enumerate(names):
    warmer = f' warmer="{0.02 * math.sin(3 * i + 1):.4f}"' if name in thermometers else ""
    array.append(
        f'<analyzer name="{name}" zero="{1.3 * math.sin(2 * i + 0.5):.4f}" '
        f'efficiency="{1 + 0.2 * math.cos(5 * i):.3f}" dark="0.001"{warmer}>'
        f'<component weight="0.7" center="0" fwhm="{0.95 * fwhm}" eta="0.2"/>'
        f'<component weight="0.3" center="{0.05 * math.sin(i)}" fwhm="{1.4 * fwhm}" eta="0.7"/>'
        "</analyzer>")
reach = 10 * fwhm
head = "HERIX" if root.get("dialect") == "herix" else "other"
reset = ' reset="peak"' if head == "HERIX" else ""
steps = 120
if line:
    branches = f'''<branch name="optic" law="optic"><energy unit="meV">{line}</energy>
    <width unit="meV">0.2</width><strength unit="meV.count/s">60</strength></branch>'''
    phonon = (float(line) - 4 * fwhm, float(line) + 4 * fwhm)
else:
    branches = f'''<branch name="low" law="optic"><energy unit="meV" curvature="0.8">{4 * fwhm}</energy>
    <width unit="meV">0.3</width><strength unit="meV.count/s">6</strength></branch>
    <branch name="high" law="optic"><energy unit="meV" curvature="-0.6">{9 * fwhm}</energy>
    <width unit="meV">0.8</width><strength unit="meV.count/s">8</strength></branch>'''
    phonon = (-7 * fwhm, 13 * fwhm)
hkl = (0.9, 0.95, 1.0) if nsls2 else (3.9, 3.95, 4.06)
scans = [f'<scan kind="reference" main="{middle}" tth="{two_theta(1.0):.4f}" from="{-reach}" '
         f'to="{reach}" intervals="{steps}" time="10"{reset if i == 0 else ""}/>' for i in range(2)]
scans += [f'<scan kind="phonon" main="{middle}" h="{h}" k="0.02" l="{0.04 * i}" '
          f'from="{phonon[0]}" to="{phonon[1]}" intervals="{steps}" time="100"/>'
          for i, h in enumerate(hkl)]
circles = '<circles mu="-0.401" gamma="0.401"/>' if nsls2 else \
    '<circles mu="-0.1719" gamma="0"/>' if sixcircle else ""
print(f'''<?xml version="1.0" encoding="UTF-8"?>
<sample name="invented" seed="7">
  <origin>/data/simulated/{root.get("dialect")}</origin><title>fourc</title><user>ixs</user>
  <start unit="s">1447258756</start>
  <lattice><a unit="Angstrom">6.06</a><b unit="Angstrom">6.06</b><c unit="Angstrom">6.06</c>
    <alpha unit="deg">90</alpha><beta unit="deg">90</beta><gamma unit="deg">90</gamma></lattice>
  <centring>P</centring>
  <orientation><primary h="2" k="0" l="0" {angles(2)} chi="0.31" phi="12.34"/>
    <secondary h="0" k="2" l="0" {angles(2)} chi="-0.45" phi="-77.66"/></orientation>
  {circles}
  <temperature unit="K">300</temperature>
  <elastic><area unit="meV.count/s">3</area></elastic>
  <background unit="count/s">0.02</background>
  <branches>{branches}</branches>
  <standard><area unit="meV.count/s">1500</area><q unit="1/Angstrom">1.0</q>
    <q_width unit="1/Angstrom">0.4</q_width><floor>0.3</floor></standard>
  <array>{"".join(array)}</array>
  <beam><rate unit="count/s">20000</rate><flicker>0.002</flicker></beam>
  <energy_axis><scale>{scale}</scale><step unit="meV">0</step></energy_axis>
  <plan>{"".join(scans)}</plan>
</sample>''')

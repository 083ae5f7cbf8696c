# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a text file as a C string, so that a program carries it: embed_text.py OUT.c NAME IN"""
import sys

out, name, source = sys.argv[1:]
with open(source, encoding="utf-8") as text, open(out, "w", encoding="utf-8") as code:
    code.write(f"extern const char *const {name}[];\nconst char *const {name}[] = {{\n")
    for line in text:
        line = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").rstrip("\n")
        code.write(f'    "{line}\\n",\n')
    code.write("    0};\n")

# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the XSDs as C strings, so that programs carry them: embed.py OUT.c KIND.xsd ..."""
import os
import sys

with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write('#include "base/config_schema.h"\n')
    names = []
    for path in sys.argv[2:]:
        name = os.path.splitext(os.path.basename(path))[0]
        names.append(name)
        with open(path, encoding="ascii") as text:
            lines = [line.replace("\\", "\\\\").replace('"', '\\"').rstrip("\n") for line in text]
        out.write(f"static const char *const {name}[] = {{\n")
        out.writelines(f'    "{line}\\n",\n' for line in lines)
        out.write("    0};\n")
    out.write("const struct ixs_schema ixs_schemas[] = {\n")
    out.writelines(f'    {{"{name}", {name}}},\n' for name in names)
    out.write("};\nconst size_t ixs_nschemas = sizeof ixs_schemas / sizeof ixs_schemas[0];\n")

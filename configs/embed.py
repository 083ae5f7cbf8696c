# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the XSDs as C strings, so that programs carry them: embed.py OUT.c KIND.xsd ...

A line <xs:include schemaLocation="OTHER.xsd"/> is replaced by what stands inside OTHER's schema."""
import os
import re
import sys


def read(path):
    """The lines of a schema, with those of the schemas it includes."""
    with open(path, encoding="ascii") as text:
        for line in text:
            include = re.fullmatch(r'\s*<xs:include schemaLocation="([a-z_]+\.xsd)"/>\s*', line)
            if include is None:
                yield line
                continue
            inside = list(read(os.path.join(os.path.dirname(path), include.group(1))))
            first = next(i for i, row in enumerate(inside) if row.startswith("<xs:schema"))
            yield from inside[first + 1 : inside.index("</xs:schema>\n")]


with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write('#include "base/config_schema.h"\n')
    names = []
    for path in sys.argv[2:]:
        name = os.path.splitext(os.path.basename(path))[0]
        names.append(name)
        lines = [line.replace("\\", "\\\\").replace('"', '\\"').rstrip("\n") for line in read(path)]
        out.write(f"static const char *const {name}[] = {{\n")
        out.writelines(f'    "{line}\\n",\n' for line in lines)
        out.write("    0};\n")
    out.write("const struct ixs_schema ixs_schemas[] = {\n")
    out.writelines(f'    {{"{name}", {name}}},\n' for name in names)
    out.write("};\nconst size_t ixs_nschemas = sizeof ixs_schemas / sizeof ixs_schemas[0];\n")

#!/usr/bin/env python3
"""Turns files into one C source of byte arrays.

embed.py OUT.c STEM FILE...   defines  const struct embedded_file STEM[]  (base/embed.h),
ended by an entry whose name is NULL; each file's bytes are followed by a NUL.
"""
import pathlib
import sys


def main() -> None:
    out, stem, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    lines = ['#include "base/embed.h"', ""]
    entries = []
    for number, name in enumerate(names):
        path = pathlib.Path(name)
        data = path.read_bytes()
        body = ",".join(str(b) for b in data + b"\0")
        lines.append(f"static const unsigned char file_{number}[] = {{{body}}};")
        entries.append(f'  {{"{path.name}", file_{number}, {len(data)}}},')
    lines += [f"extern const struct embedded_file {stem}[];",
              f"const struct embedded_file {stem}[] = {{", *entries, "  {0, 0, 0},", "};", ""]
    pathlib.Path(out).write_text("\n".join(lines))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""yaml_to_json.py IN.yaml OUT.json: the same document as compact JSON."""
import json
import pathlib
import sys

import yaml


def main() -> None:
    source, target = sys.argv[1:3]
    document = yaml.safe_load(pathlib.Path(source).read_text(encoding="utf-8"))
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    pathlib.Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

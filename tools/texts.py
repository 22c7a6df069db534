#!/usr/bin/env python3
"""Turns the catalogues of texts/ into C: one sorted table for each language.

texts.py OUT.c OUT.h LANGUAGE.json...   (en.json first)
texts.py --check LANGUAGE.json...       prints what does not fit; exit 1 when there is any

OUT.c defines `text_languages` (src/model/text.h). OUT.h has the English texts as
macros (TEXT_rule_offline_title), for tables that are constant.
A catalogue is one flat JSON object: keys with dots, texts with {placeholders}. Every
language has the keys of English, and in each text the same placeholders.
"""
import json
import pathlib
import re
import sys

KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
CONSTANT = ("reason.", "rule.", "state.")  # what tables in C have as macros
PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")


def read(name):
    """The catalogue of a file; a key that comes twice is an error."""
    def unique(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise SystemExit(f"{name}: {', '.join(twice)} comes twice")
        return dict(pairs)
    return json.loads(pathlib.Path(name).read_text(), object_pairs_hook=unique)


def mistakes(name, texts, english):
    """What is wrong with a catalogue, one line for each."""
    for key in sorted(english.keys() - texts.keys()):
        yield f"{name}: {key} is missing"
    for key in sorted(texts.keys() - english.keys()):
        yield f"{name}: {key} is not in English"
    for key, text in texts.items():
        if not KEY.fullmatch(key):
            yield f"{name}: {key} is no key: small letters, digits and dots"
        if not isinstance(text, str) or not text.strip(" \n"):
            yield f"{name}: {key} has no text"
        elif re.sub(PLACEHOLDER, "", text).count("{") or "}" in re.sub(PLACEHOLDER, "", text):
            yield f"{name}: {key} has a brace that is no placeholder"
        elif key in english and (sorted(set(PLACEHOLDER.findall(text)))
                                 != sorted(set(PLACEHOLDER.findall(english[key])))):
            yield f"{name}: {key} has other placeholders than in English"


def quote(text):
    """A C literal; bytes beyond ASCII as they are (UTF-8)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def write_source(path, languages):
    lines = ['#include "model/text.h"', ""]
    for code, texts in languages.items():
        lines.append(f"static const struct text_entry {code}[] = {{")
        for key in sorted(texts, key=str.encode):  # strcmp's order
            lines.append(f"    {{{quote(key)}, {quote(texts[key])}}},")
        lines += ["};", ""]
    lines.append("const struct text_language text_languages[] = {")
    lines += [f"    {{{quote(code)}, {code}, {len(texts)}}}," for code, texts in languages.items()]
    lines += ["    {0, 0, 0},", "};", ""]
    path.write_text("\n".join(lines))


def write_header(path, english):
    lines = [f"#define TEXT_{key.replace('.', '_')} {quote(text)}"
             for key, text in sorted(english.items()) if key.startswith(CONSTANT)]
    path.write_text("\n".join(lines) + "\n")


def main():
    check = sys.argv[1] == "--check"
    names = sys.argv[2 if check else 3:]
    languages = {pathlib.Path(name).stem: read(name) for name in names}
    english = languages["en"]
    found = [line for name, texts in zip(names, languages.values())
             for line in mistakes(name, texts, english)]
    for line in found:
        print(line, file=sys.stderr)
    if found:
        sys.exit(1)
    if not check:
        write_source(pathlib.Path(sys.argv[1]), languages)
        write_header(pathlib.Path(sys.argv[2]), english)


if __name__ == "__main__":
    main()

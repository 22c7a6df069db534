"""Proves that tools/check_floors fails on a tree that breaks a rule, and only then."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_floors"


def check(files):
    """Runs the tool over a tree of the given files: (exit code, what it printed)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, TOOL, folder], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class CheckFloors(unittest.TestCase):
    def assert_breaks(self, files, words):
        code, printed = check(files)
        self.assertEqual(code, 1, printed)
        self.assertIn(words, printed)

    def test_a_tree_that_keeps_its_floors_passes(self):
        code, printed = check({
            "src/base/buf.h": "struct buf;\n",
            "src/base/buf.c": '#include "base/buf.h"\n',
            "src/store/store.c": '#include <stdio.h>\n#include "base/buf.h"\n#include "db/db.h"\n',
            "src/app/main.c": '#include "api/routes.h"\n',
            "sim/main.c": '#include "sim_device.h"\n#include "net/address.h"\n',
            "sim/sim_device.h": "struct sim;\n",
        })
        self.assertEqual(code, 0, printed)

    def test_an_include_from_a_higher_floor_fails(self):
        self.assert_breaks({"src/base/buf.c": '\n#include "model/metric.h"\n'},
                           "base/buf.c:2: base may not include model/metric.h")

    def test_an_include_from_a_neighbour_fails(self):
        self.assert_breaks({"src/alert/alert_step.c": '#  include "miner/board.h"\n'},
                           "alert may not include miner/board.h")

    def test_the_simulator_may_not_see_the_drivers(self):
        self.assert_breaks({"sim/sim_info.c": '#include "miner/axeos.h"\n'},
                           "sim may not include miner/axeos.h")

    def test_a_folder_without_a_floor_fails(self):
        self.assert_breaks({"src/misc/thing.c": "int thing;\n"}, "no floor is known")

    def test_headers_that_include_each_other_fail(self):
        self.assert_breaks({"src/base/a.h": '#include "base/b.h"\n',
                            "src/base/b.h": '#include "base/c.h"\n',
                            "src/base/c.h": '#include "base/a.h"\n'}, "cycle: ")

    def test_two_files_with_one_stem_fail(self):
        self.assert_breaks({"src/base/text.c": "", "src/net/text.c": ""},
                           "stem text is used in base and net")

    def test_a_long_source_fails(self):
        self.assert_breaks({"src/base/a.c": "\n" * 701}, "a.c: 701 lines")

    def test_a_long_header_fails(self):
        self.assert_breaks({"src/base/a.h": "\n" * 151}, "a.h: 151 lines")

    def test_a_crowded_folder_fails(self):
        self.assert_breaks({f"src/base/a{i}.c": "" for i in range(21)}, "base: 21 sources")

    def test_a_long_function_fails(self):
        body = "  if (x) {\n    y('}', \"{\"); /* { */\n  }\n" * 27
        self.assert_breaks({"src/base/a.c": f"static int f(int x,\n  int y) {{\n{body}}}\n"},
                           "a.c:1: f has 84 lines")

    def test_a_long_table_is_no_function(self):
        rows = "  {NAME(1), 2},\n" * 100
        code, printed = check({"src/base/a.c": f"static const struct x t[] = {{\n{rows}}};\n"
                                               "void f(void) {\n}\n"})
        self.assertEqual(code, 0, printed)

    def test_a_tree_without_sources_fails(self):
        self.assertNotEqual(check({"README.md": ""})[0], 0)


if __name__ == "__main__":
    unittest.main()

"""Proves that tools/count_tests sees every failure, however a test program ends."""
import importlib.machinery
import importlib.util
import json
import pathlib
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "count_tests"
loader = importlib.machinery.SourceFileLoader("count_tests", str(TOOL))
count_tests = importlib.util.module_from_spec(importlib.util.spec_from_loader("count_tests", loader))
loader.exec_module(count_tests)

CMOCKA = """[==========] Running 2 test(s).
[ RUN      ] one
[       OK ] one
[ RUN      ] two
[  FAILED  ] two
[  PASSED  ] 1 test(s).
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] two
"""


def meson(result, stdout):
    return json.dumps({"name": "thing", "result": result, "stdout": stdout}) + "\n"


class CountTests(unittest.TestCase):
    def test_cmocka_tests_count_singly_and_once(self):
        self.assertEqual(count_tests.count_meson(meson("FAIL", CMOCKA)), (1, ["thing: two"]))

    def test_a_crash_after_good_tests_is_a_failure(self):
        passed, failed = count_tests.count_meson(meson("FAIL", "[       OK ] one\n"))
        self.assertEqual((passed, len(failed)), (1, 1))

    def test_a_time_out_without_output_is_a_failure(self):
        self.assertEqual(len(count_tests.count_meson(meson("TIMEOUT", ""))[1]), 1)

    def test_a_plain_program_counts_as_one(self):
        self.assertEqual(count_tests.count_meson(meson("OK", "hello\n")), (1, []))

    def test_unittest_programs_count_by_their_tests(self):
        text = "FAIL: test_b (m.C)\n---\nRan 3 tests in 0.1s\n"
        self.assertEqual(count_tests.count_meson(meson("FAIL", text)),
                         (2, ["thing: test_b (m.C)"]))

    def test_words_of_a_program_are_no_names_of_tests(self):
        text = 'ERROR: "hello" is not in: nothing\n' + CMOCKA
        self.assertEqual(count_tests.count_meson(meson("FAIL", text)), (1, ["thing: two"]))

    def test_the_summary_of_node_is_read(self):
        text = "ok 1 - a\nnot ok 2 - b\n# tests 3\n# pass 1\n# fail 1\n# cancelled 1\n"
        self.assertEqual(count_tests.count_node(text), (1, ["b", "?"]))

    def test_a_vitest_file_that_does_not_load_is_a_failure(self):
        report = {"numPassedTests": 4, "testResults": [
            {"name": "a.test.ts", "status": "failed", "assertionResults": []},
            {"name": "b.test.ts", "status": "passed",
             "assertionResults": [{"fullName": "b works", "status": "passed"}]}]}
        self.assertEqual(count_tests.count_vitest(json.dumps(report)), (4, ["a.test.ts"]))


if __name__ == "__main__":
    unittest.main()

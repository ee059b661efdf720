"""Runs the unittests of a folder and writes one JSON line for each, as soon as it ended: a crash loses none.

In Blender: blender -b -P run_unittests.py -- FOLDER REPORT [PATTERN]; anywhere: python3 run_unittests.py FOLDER REPORT.
"""

from __future__ import annotations

import json
import os
import sys
import time
import unittest
from typing import Any, TextIO

HERE = os.path.dirname(os.path.abspath(__file__))


class ReportingResult(unittest.TextTestResult):
    """Writes {"id", "outcome": "passed" | "failed" | "skipped", "seconds", "details"} for each test."""

    report: TextIO

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._started_at = time.monotonic()
        self._details: list[str] = []
        self._outcome = "passed"

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._write(test.id(), self._outcome, "\n".join(self._details), time.monotonic() - self._started_at)

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._fail(test, self.errors[-1][1])

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._fail(test, self.failures[-1][1])

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._fail(test, f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._fail(test, "expected to fail, and passed")

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        if isinstance(test, unittest.TestCase):
            self._outcome, self._details = "skipped", [reason]
        else:
            self._write(str(test), "skipped", reason, 0.0)

    def _fail(self, test: Any, details: str) -> None:
        # what breaks outside a test (setUpModule) has no start and no stop
        if isinstance(test, unittest.TestCase):
            self._outcome = "failed"
            self._details.append(details)
        else:
            self._write(str(test), "failed", details, 0.0)

    def _write(self, name: str, outcome: str, details: str, seconds: float) -> None:
        line = {"id": name, "outcome": outcome, "seconds": round(seconds, 4), "details": details}
        self.report.write(json.dumps(line) + "\n")
        self.report.flush()


def main(folder: str, report: str, pattern: str = "test_*.py") -> None:
    sys.dont_write_bytecode = True
    sys.path[:0] = [os.path.join(HERE, "blender"), os.path.join(HERE, "../addon")]
    if "bpy" in sys.modules:
        import harness  # noqa: F401 - it mends NumPy
    with open(report, "w", encoding="utf-8") as file:
        ReportingResult.report = file
        suite = unittest.TestLoader().discover(folder, pattern=pattern, top_level_dir=folder)
        runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=ReportingResult)
        result = runner.run(suite)
        file.write(json.dumps({"id": "", "outcome": "ended", "seconds": 0, "details": str(result.testsRun)}) + "\n")


if __name__ == "__main__":
    main(*(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]))

/**
 * Tests that passed, failed and were skipped, from vitest's JSON report. A file that could not even be
 * loaded has no tests of its own and counts as one failure.
 * @param report the report, or undefined when vitest wrote none
 * @param exitCode vitest's: an error outside of any test fails the run, too
 */
export function countTests(report, exitCode) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failed = statuses.filter((status) => status === "failed").length;
    count.passed += statuses.filter((status) => status === "passed").length;
    count.skipped += statuses.filter((status) => status !== "passed" && status !== "failed").length;
    count.failed += failed === 0 && file.status === "failed" ? 1 : failed;
  }
  if (count.failed === 0 && exitCode !== 0) count.failed = 1;
  // A run in which nothing was tested proves nothing.
  const ok = count.failed === 0 && count.passed > 0;
  return { ...count, ok, line: `${count.passed} passed, ${count.failed} failed` };
}

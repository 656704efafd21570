import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "ci-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands in for npm: notes how it was called, leaves the report it was given, and exits as told. */
const NPM = `#!/usr/bin/env bash
echo "$*" | sed 's/ --outputFile.*//' >> calls
case "$1 \${2-}" in
  "ci ") exit "$CI_EXIT" ;;
  "run check") exit "$CHECK_EXIT" ;;
esac
last="\${@: -1}"
if [ -n "$REPORT" ]; then printf '%s' "$REPORT" > "\${last#--outputFile.json=}"; fi
exit "$TEST_EXIT"
`;

/** A project in which npm, and what is looked for before it is installed, are ours. */
const makeProject = (): void => {
  for (const place of [".ci", "bin"]) mkdirSync(join(folder, place));
  copyFileSync(join(ROOT, ".ci/run"), join(folder, ".ci/run"));
  writeFileSync(join(folder, "bin/npm"), NPM);
  for (const program of ["chromium", "python3"]) writeFileSync(join(folder, "bin", program), "");
  for (const program of ["npm", "chromium", "python3"]) chmodSync(join(folder, "bin", program), 0o755);
};
makeProject();

interface Scene {
  readonly report?: unknown;
  readonly installs?: number;
  readonly tests?: number;
  readonly check?: number;
}

/** Runs .ci/run with the exit codes and the report of a scene. */
const run = ({ report, installs = 0, tests = 0, check = 0 }: Scene) => {
  rmSync(join(folder, "calls"), { force: true });
  const env = {
    PATH: [join(folder, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    REPORT: report === undefined ? "" : JSON.stringify(report),
    CI_EXIT: String(installs),
    TEST_EXIT: String(tests),
    CHECK_EXIT: String(check),
  };
  const { status, stdout } = spawnSync("bash", [join(folder, ".ci/run")], { env, encoding: "utf8" });
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  return { status, last: stdout.trimEnd().split("\n").at(-1), calls };
};

/** A report of vitest: one file for each list of its tests' states. */
const reportOf = (...files: ("passed" | "failed" | "pending")[][]) => {
  const count = (state: string) => files.flat().filter((found) => found === state).length;
  return {
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    testResults: files.map((states) => ({
      status: states.length === 0 || states.includes("failed") ? "failed" : "passed",
      assertionResults: states.map((status) => ({ status })),
    })),
  };
};

test("all is well when tests and checks pass, and the README's commands were run", () => {
  const { status, last, calls } = run({ report: reportOf(["passed", "passed"], ["passed", "pending"]) });
  expect({ status, last }).toEqual({ status: 0, last: "3 passed, 0 failed" });
  expect(calls).toEqual(["ci", "test -- --reporter=default --reporter=json", "run check"]);
});

test("a failed test fails the run", () => {
  const { status, last } = run({ report: reportOf(["passed", "failed"]), tests: 1 });
  expect({ status, last }).toEqual({ status: 1, last: "1 passed, 1 failed" });
});

test("a test file that cannot be loaded counts as a failure", () => {
  const { status, last } = run({ report: reportOf(["passed"], []), tests: 1 });
  expect({ status, last }).toEqual({ status: 1, last: "1 passed, 1 failed" });
});

test("a failing check counts as one failure", () => {
  const { status, last } = run({ report: reportOf(["passed"]), check: 2 });
  expect({ status, last }).toEqual({ status: 1, last: "1 passed, 1 failed" });
});

test("a test run that ends badly without a failed test counts as a failure", () => {
  const { status, last } = run({ report: reportOf(["passed"]), tests: 1 });
  expect({ status, last }).toEqual({ status: 1, last: "1 passed, 1 failed" });
});

test("no report, or no test in it, is a failure", () => {
  expect(run({})).toMatchObject({ status: 1, last: "0 passed, 1 failed" });
  expect(run({ report: reportOf() })).toMatchObject({ status: 1, last: "0 passed, 1 failed" });
});

test("nothing is tested when the installation fails", () => {
  const { status, last, calls } = run({ installs: 1 });
  expect({ status, last, calls }).toEqual({ status: 1, last: "0 passed, 1 failed", calls: ["ci"] });
});

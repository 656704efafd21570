import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The `packages` of a lock file after completion. */
const complete = (packages: object): unknown => {
  const file = join(folder, "package-lock.json");
  writeFileSync(file, JSON.stringify({ lockfileVersion: 3, packages }));
  execFileSync(process.execPath, [join(ROOT, "test/architecture/complete-lock.mjs"), file]);
  return JSON.parse(readFileSync(file, "utf8")).packages;
};

const tool = {
  version: "2.0.0",
  dev: true,
  optionalDependencies: { "@tool/linux-x64-musl": "2.0.0", "@tool/windows-64": "^2.0.0" },
};

test("optional packages that npm left out are added with the machines they are for", () => {
  expect(complete({ "": {}, "node_modules/tool": tool })).toEqual({
    "": {},
    "node_modules/@tool/linux-x64-musl": {
      ...{ version: "2.0.0", dev: true, optional: true },
      ...{ os: ["linux"], cpu: ["x64"], libc: ["musl"] },
    },
    "node_modules/@tool/windows-64": { version: "2.0.0", dev: true, optional: true, os: ["win32"], cpu: ["x64"] },
    "node_modules/tool": tool,
  });
});

test("a package that another version keeps from the top gets a place of its own", () => {
  const outer = {
    "": {},
    "node_modules/@tool/linux-x64-musl": { version: "1.0.0" },
    "node_modules/@tool/windows-64": { version: "2.0.1" },
  };
  const completed = complete({ ...outer, "node_modules/other/node_modules/tool": { ...tool, dev: false } });
  expect(completed).toEqual({
    ...outer,
    "node_modules/other/node_modules/@tool/linux-x64-musl": expect.objectContaining({ version: "2.0.0" }),
    "node_modules/other/node_modules/tool": { ...tool, dev: false },
  });
});

test("a complete lock file stays as it is", () => {
  const once = complete({ "": {}, "node_modules/tool": tool });
  expect(complete(once as object)).toEqual(once);
});

test("the project's own lock file is complete", () => {
  const file = join(folder, "own.json");
  const own = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  writeFileSync(file, own);
  const said = execFileSync(process.execPath, [join(ROOT, "test/architecture/complete-lock.mjs"), file], {
    encoding: "utf8",
  });
  expect(said, "Run: node test/architecture/complete-lock.mjs").toContain(": 0 entries added");
  expect(readFileSync(file, "utf8")).toBe(own);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { localPath } from "../../src/console/local-path.ts";
import { vietnamTime } from "../../src/console/vietnam-time.ts";

test.for([
  "/console",
  "/console?state=failed&platform=national-portal",
  "/console/entries/12",
  "/console/entries/12?result=retried",
])("%s is a page to go to", (path) => {
  expect(localPath(path)).toBe(path);
});

test.for([
  "",
  "console",
  "/",
  "/consoles",
  "/console-x/..",
  "//console",
  "//evil.example/console",
  "///evil.example/console",
  "/\\evil.example/console",
  "\\\\evil.example/console",
  "https://evil.example/console",
  "javascript:alert(1)//console",
  "/console/../v1/ledger",
  "/console/%2e%2e/docs",
  "/console/..\t/docs",
  "\t//evil.example/console",
  "/console\r\nSet-Cookie: a=b",
  "/console/login",
  "/console/login?next=/console",
  "/console/logout",
  "@evil.example/console",
  `/console?${"x".repeat(2000)}`,
])("%j leads to the list", (path) => {
  expect(localPath(path)).toBe("/console");
});

test("whatever is asked for, a browser stays on this host and inside the console", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    "console",
    "..",
    ".",
    "%2e",
    "@",
    ":",
    "?",
    "#",
    "evil.example",
    "\t",
    " ",
    "//",
  );
  const host = "https://gateway.example";
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const resolved = new URL(localPath(pieces.join("")), `${host}/console/login`);
      expect(resolved.origin).toBe(host);
      expect(resolved.pathname).toMatch(/^\/console(?:\/|$)/u);
    }),
    { numRuns: 5000 },
  );
});

test("times are shown as on a clock in Vietnam", () => {
  expect(vietnamTime("2026-11-20T02:15:07.999Z")).toBe("20/11/2026 09:15:07");
  expect(vietnamTime("2026-12-31T17:00:00Z")).toBe("01/01/2027 00:00:00");
  expect(vietnamTime("2026-02-28T23:59:59+07:00")).toBe("28/02/2026 23:59:59");
});

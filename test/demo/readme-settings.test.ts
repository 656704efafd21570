import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SETTING_NAMES } from "../../adapters/national-portal/settings.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The names in the first column of the tables below a heading, up to the next heading. */
const tabled = (heading: string): string[] => {
  const section = read("README.md").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([A-Z_]+)`/gmu)].map((match) => match[1] ?? "");
};

/** What stands in quotes behind a call of one of these functions, after the reader where it is handed in. */
const givenTo = (path: string, functions: string): string[] =>
  [...read(path).matchAll(new RegExp(`\\b(?:${functions})\\((?:reader, )?"([A-Z_]+)"`, "gu"))].map(
    (match) => match[1] ?? "",
  );

const CONFIG = "src/config.ts";
const TLS = "src/platform-tls.ts";
const ROOMS = [
  "src/retention/retention-policy.ts",
  "src/files/file-settings.ts",
  "src/reconcile/reconcile-settings.ts",
  "src/portal-inbound/inbound-settings.ts",
];

test("the README lists exactly the settings that are read", () => {
  const own = [CONFIG, ...ROOMS].flatMap((path) =>
    givenTo(path, "text|required|integer|oneOf|address|listIn|networksIn"),
  );
  const perPlatform = [CONFIG, TLS].flatMap((path) => givenTo(path, "nameOf|setting|limit"));
  const names = [...own, ...[...perPlatform, ...SETTING_NAMES].map((name) => `NATIONAL_PORTAL_${name}`)];
  expect(own.length).toBeGreaterThan(10);
  expect(perPlatform.length).toBeGreaterThan(3);
  expect(tabled("Settings").toSorted()).toEqual([...new Set(names)].toSorted());
});

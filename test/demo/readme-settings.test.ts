import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SETTING_NAMES as ENTERPRISE } from "../../adapters/enterprise/config.ts";
import { SETTING_NAMES as KEYPAY } from "../../adapters/keypay/config.ts";
import { SETTING_NAMES as NATIONAL_PORTAL } from "../../adapters/national-portal/settings.ts";
import { SETTING_NAMES as PAYMENT_PLATFORM } from "../../adapters/payment-platform/config.ts";
import { SETTING_NAMES as POPULATION } from "../../adapters/population/settings.ts";
import { SETTING_NAMES as VNPAY } from "../../adapters/vnpay/config.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The names in the first column of the tables below a heading, up to the next heading. */
const tabled = (heading: string): string[] => {
  const section = read("README.md").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([A-Z_0-9]+)`/gmu)].map((match) => match[1] ?? "");
};

/** What stands in quotes behind a call of one of these functions, after the reader where it is handed in. */
const givenTo = (path: string, functions: string): string[] =>
  [...read(path).matchAll(new RegExp(`\\b(?:${functions})\\((?:reader, )?"([A-Z_]+)"`, "gu"))].map(
    (match) => match[1] ?? "",
  );

const CONFIG = "src/config.ts";
const TLS = "src/platform-tls.ts";
const X_ROAD = "src/platform-x-road.ts";
const ROOMS = [
  "src/retention/retention-policy.ts",
  "src/files/file-settings.ts",
  "src/reconcile/reconcile-settings.ts",
  "src/portal-inbound/inbound-settings.ts",
  "src/portal-inbound/fetch/fetch-settings.ts",
  "src/look-ups/look-up-settings.ts",
];

test("the README lists exactly the settings that are read", () => {
  const own = [CONFIG, ...ROOMS].flatMap((path) =>
    givenTo(path, "text|required|integer|oneOf|address|listIn|networksIn"),
  );
  const perPlatform = [CONFIG, TLS, X_ROAD].flatMap((path) => givenTo(path, "nameOf|setting|limit"));
  const names = [
    ...own,
    ...[...perPlatform, ...NATIONAL_PORTAL].map((name) => `NATIONAL_PORTAL_${name}`),
    ...POPULATION.map((name) => `POPULATION_${name}`),
    ...ENTERPRISE.map((name) => `ENTERPRISE_${name}`),
    ...PAYMENT_PLATFORM.map((name) => `PAYMENT_PLATFORM_${name}`),
    ...KEYPAY.map((name) => `KEYPAY_${name}`),
    ...VNPAY.map((name) => `VNPAY_${name}`),
  ];
  expect(own.length).toBeGreaterThan(10);
  expect(perPlatform.length).toBeGreaterThan(3);
  expect(tabled("Settings").toSorted()).toEqual([...new Set(names)].toSorted());
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkDossierCode, dossierCodeWarnings, identityWarnings } from "../../contracts/identifiers.ts";
import { dossierEventSchema, dossierSchema } from "../../contracts/services/dossier.ts";
import { instant } from "../../contracts/services/fields.ts";

type SampleStep = { readonly at: string } & ({ readonly put: unknown } | { readonly event: unknown });

interface SampleLine {
  readonly code: string;
  readonly steps: readonly SampleStep[];
}

const NOW = new Date("2025-06-01T00:00:00+07:00");
const SAMPLE = new URL("../../mocks/samples/bac-giang-2025-04.jsonl", import.meta.url);

const lines = readFileSync(SAMPLE, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as SampleLine);
const steps = lines.flatMap((line) => line.steps);
const puts = steps.flatMap((step) => ("put" in step ? [step.put] : []));
const events = steps.flatMap((step) => ("event" in step ? [step.event] : []));

test("the sample month has its dossiers, puts and events, and nothing else", () => {
  expect({ dossiers: lines.length, puts: puts.length, events: events.length }).toEqual({
    dossiers: 331,
    puts: 975,
    events: 1628,
  });
  expect(steps).toHaveLength(puts.length + events.length);
  for (const { at } of steps) expect(instant.parse(at)).toBe(at);
});

test("every put of the sample month is taken unchanged", () => {
  for (const put of puts) expect(dossierSchema.parse(put)).toEqual(put);
});

test("every event of the sample month is taken unchanged", () => {
  for (const event of events) expect(dossierEventSchema.parse(event)).toEqual(event);
});

test("every dossier code of the sample month is plausible in its province and agency", () => {
  for (const { code } of lines) {
    expect(checkDossierCode(code, { now: NOW }), code).toEqual({ ok: true, warnings: [] });
    expect(dossierCodeWarnings(code, { provinceCode: "H04", agency: "000.00.15.H04", now: NOW }), code).toEqual([]);
  }
});

test("the invented people of the sample month have only their invented province prefix against them", () => {
  const identities = puts.flatMap((put) => dossierSchema.parse(put).applicant.identities);
  expect(identities.length).toBeGreaterThan(0);
  for (const identity of identities) {
    const expected = identity.kind === "personal-id" ? ["unknown_province_prefix"] : [];
    expect(identityWarnings(identity, NOW).map((warning) => warning.code)).toEqual(expected);
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../../contracts/adapter.ts";
import type { ClaimedEntry } from "../../contracts/ledger.ts";
import { AGE_LIMIT_SECONDS, decideNext } from "../../src/ledger/decide-next.ts";
import { LONGEST_RETRY_AFTER_MS } from "../../src/resilience/back-off.ts";
import { FAULT, SEED } from "./ledger-scene.ts";

const BACK_OFF = { baseMs: 1000, maxMs: 300_000 };
const DAYS_15 = 15 * 24 * 3600;

const entryOf = (parts: Partial<ClaimedEntry> = {}): ClaimedEntry => ({
  id: "1",
  fence: 1,
  operation: "dossier.step",
  dossierCode: "A",
  correlationId: "test",
  payload: new Uint8Array(),
  known: false,
  unknownOutcome: false,
  tries: 0,
  attempts: 0,
  ageSeconds: 0,
  ...parts,
});

const decide = (fault: Fault, parts: Partial<ClaimedEntry> = {}, random = 0.5) =>
  decideNext(entryOf(parts), { delivered: false, fault }, BACK_OFF, random);

test("what was delivered is delivered, however old it is", () => {
  expect(decideNext(entryOf({ ageSeconds: DAYS_15 * 2 }), { delivered: true }, BACK_OFF, 0)).toEqual({
    state: "delivered",
  });
});

test("a refusal is final at the first try", () => {
  expect(decide(FAULT.refused)).toEqual({ state: "failed", fault: FAULT.refused });
});

test("a transient fault and an unknown outcome wait, however many tries there were", () => {
  for (const fault of [FAULT.transient, FAULT.unknown]) {
    expect(decide(fault, { tries: 1_000_000 })).toMatchObject({ state: "waiting", fault });
  }
});

test("at the age of 15 days a transient fault is the last one", () => {
  expect(AGE_LIMIT_SECONDS).toBe(DAYS_15);
  expect(decide(FAULT.transient, { ageSeconds: DAYS_15 - 1 })).toMatchObject({ state: "waiting" });
  expect(decide(FAULT.unknown, { ageSeconds: DAYS_15 })).toEqual({ state: "failed", fault: FAULT.unknown });
});

test("the pause is a uniform draw below the base doubled with each try, up to the longest", () => {
  for (const [tries, ceiling] of [
    [0, 1000],
    [1, 2000],
    [5, 32_000],
    [9, 300_000],
    [5000, 300_000],
  ] as const) {
    expect(decide(FAULT.transient, { tries }, 0)).toMatchObject({ delayMs: 0 });
    expect(decide(FAULT.transient, { tries }, 0.25)).toMatchObject({ delayMs: ceiling / 4 });
  }
});

test("Retry-After is waited out although the draw is shorter, but never for longer than a day", () => {
  const fault = { ...FAULT.transient, retryAfterSeconds: 120 };
  expect(decide(fault, {}, 0.9)).toMatchObject({ delayMs: 120_000 });
  expect(decide(fault, { tries: 20 }, 0.9)).toMatchObject({ delayMs: 270_000 });
  expect(decide({ ...fault, retryAfterSeconds: 1e9 })).toMatchObject({ delayMs: LONGEST_RETRY_AFTER_MS });
});

test("whatever the try, the pause is a number of milliseconds within its bounds", () => {
  const draws = fc.record({
    tries: fc.nat(),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    retryAfterSeconds: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(
    fc.property(draws, ({ tries, random, retryAfterSeconds }) => {
      const fault = { ...FAULT.transient, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
      const next = decide(fault, { tries }, random);
      const delayMs = next.state === "waiting" ? next.delayMs : Number.NaN;
      expect(delayMs).toBeGreaterThanOrEqual(Math.min((retryAfterSeconds ?? 0) * 1000, LONGEST_RETRY_AFTER_MS));
      expect(delayMs).toBeLessThanOrEqual(Math.max(BACK_OFF.maxMs, LONGEST_RETRY_AFTER_MS));
    }),
    { seed: SEED },
  );
});

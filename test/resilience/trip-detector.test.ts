import { expect, test } from "vitest";
import { createTripDetector } from "../../src/resilience/trip-detector.ts";

const SETTINGS = { errorPercent: 50, minimumCalls: 20, windowMs: 10_000 };

/** A detector with a clock that stands until it is moved. */
const detectorAt = (settings = SETTINGS) => {
  const clock = { ms: 0 };
  const detector = createTripDetector(settings, () => clock.ms);
  const record = async (times: number, good: boolean): Promise<boolean> => {
    let trips = false;
    for (let call = 0; call < times; call += 1) trips = (await detector.record(good)) || trips;
    return trips;
  };
  return { clock, detector, record };
};

test("it trips at the twentieth failure, not at the nineteenth", async () => {
  const { record } = detectorAt();
  expect(await record(19, false)).toBe(false);
  expect(await record(1, false)).toBe(true);
});

test("half of the calls failing trips at a threshold of 50 percent, a little less does not", async () => {
  const { record } = detectorAt();
  await record(21, true);
  expect(await record(20, false)).toBe(false);
  expect(await record(1, false)).toBe(true);
});

test("a threshold of 100 percent trips when every call fails", async () => {
  const { record } = detectorAt({ ...SETTINGS, errorPercent: 100 });
  expect(await record(20, false)).toBe(true);
});

test("calls leave the window by the clock, without any timer", async () => {
  const { clock, record } = detectorAt();
  await record(19, false);
  clock.ms += 10_000;
  expect(await record(19, false)).toBe(false);
  clock.ms += 5_000;
  expect(await record(1, false)).toBe(true);
});

test("a long silence forgets everything, however long it was", async () => {
  const { clock, record } = detectorAt();
  await record(19, false);
  clock.ms += 24 * 3600 * 1000;
  expect(await record(19, false)).toBe(false);
  clock.ms += 1;
  expect(await record(1, false)).toBe(true);
});

test("after it tripped it counts anew", async () => {
  const { record, detector } = detectorAt();
  await record(20, false);
  expect(await record(19, false)).toBe(false);
  detector.forget();
  expect(await record(19, false)).toBe(false);
  expect(await record(1, false)).toBe(true);
});

test("calls that end at the same moment trip it once", async () => {
  const { detector } = detectorAt();
  const trips = await Promise.all(Array.from({ length: 25 }, () => detector.record(false)));
  expect(trips.filter(Boolean)).toHaveLength(1);
});

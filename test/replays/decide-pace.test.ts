import { expect, test } from "vitest";
import { decidePace, type Progress } from "../../src/replays/decide-pace.ts";

const progress = (parts: Partial<Progress>): Progress => ({
  canary: 5,
  canaryPassed: false,
  ratePerSecond: 10,
  stopAtFailureShare: 0.2,
  released: 0,
  outstanding: 0,
  delivered: 0,
  failed: 0,
  left: true,
  secondsSinceRelease: null,
  ...parts,
});
const passed = (parts: Partial<Progress>) => progress({ canaryPassed: true, ...parts });

test("the canary goes first, all of it at once", () => {
  expect(decidePace(progress({}))).toEqual({ release: 5, canaryPassed: false });
  expect(decidePace(progress({ released: 3, outstanding: 3 }))).toEqual({ release: 2, canaryPassed: false });
});

test("nothing follows while any of the canary is on its way", () => {
  const waiting = progress({ released: 5, outstanding: 1, delivered: 4, secondsSinceRelease: 3600 });
  expect(decidePace(waiting)).toEqual({ release: 0, canaryPassed: false });
});

test("any failure among the canary stops the replay", () => {
  expect(decidePace(progress({ released: 5, outstanding: 4, failed: 1 }))).toEqual({ stop: "canary" });
});

test("once the canary is delivered the others follow at the rate", () => {
  const ready = progress({ released: 5, delivered: 5, secondsSinceRelease: 0.5 });
  expect(decidePace(ready)).toEqual({ release: 5, canaryPassed: true });
});

test("a selection smaller than the canary is all canary", () => {
  expect(decidePace(progress({ released: 2, delivered: 2, left: false }))).toEqual({ release: 0, canaryPassed: true });
});

test("the rate is kept: no entry before its time, no more than a second's worth saved up", () => {
  expect(decidePace(passed({ secondsSinceRelease: 0.05 }))).toMatchObject({ release: 0 });
  expect(decidePace(passed({ secondsSinceRelease: 0.31 }))).toMatchObject({ release: 3 });
  expect(decidePace(passed({ secondsSinceRelease: 3600 }))).toMatchObject({ release: 10 });
  expect(decidePace(passed({ ratePerSecond: 0.1, secondsSinceRelease: 9 }))).toMatchObject({ release: 0 });
  expect(decidePace(passed({ ratePerSecond: 0.1, secondsSinceRelease: 10 }))).toMatchObject({ release: 1 });
});

test("a platform that takes nothing is not flooded: what is on its way is bounded", () => {
  const flooded = passed({ ratePerSecond: 1000, outstanding: 480, secondsSinceRelease: 1 });
  expect(decidePace(flooded)).toMatchObject({ release: 20 });
  expect(decidePace({ ...flooded, outstanding: 500 })).toMatchObject({ release: 0 });
});

test("it stops when more than the share failed anew, and not for one failure among the first few", () => {
  expect(decidePace(passed({ delivered: 1, failed: 1, secondsSinceRelease: 1 }))).toMatchObject({ release: 10 });
  expect(decidePace(passed({ delivered: 8, failed: 2, secondsSinceRelease: 1 }))).toMatchObject({ release: 10 });
  expect(decidePace(passed({ delivered: 7, failed: 3 }))).toEqual({ stop: "failure-share" });
  expect(decidePace(passed({ stopAtFailureShare: 0, delivered: 99, failed: 1 }))).toEqual({ stop: "failure-share" });
});

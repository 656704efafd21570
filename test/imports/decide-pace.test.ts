import { expect, test } from "vitest";
import { decidePace } from "../../src/imports/work/decide-pace.ts";

test("a rate is kept over time, in pieces, and no more than a second is made good", () => {
  for (const [ratePerSecond, creditSeconds, left, expected] of [
    [100, 0.09, 1000, { restSeconds: 0.01 }],
    [100, 0.1, 1000, { lines: 10, creditSeconds: 0 }],
    [100, 0.15, 1000, { lines: 15, creditSeconds: 0 }],
    [100, 3600, 1000, { lines: 20, creditSeconds: 0.8 }],
    [100, 0.1, 3, { lines: 3, creditSeconds: 0.07 }],
    [1000, 1, 1000, { lines: 20, creditSeconds: 0.98 }],
    [0.1, 9, 10, { restSeconds: 1 }],
    [0.1, 60, 10, { lines: 1, creditSeconds: 0 }],
  ] as const) {
    const pace = decidePace({ ratePerSecond, creditSeconds, left });
    const rounded = Object.fromEntries(Object.entries(pace).map(([name, value]) => [name, Number(value.toFixed(6))]));
    expect([ratePerSecond, creditSeconds, rounded]).toEqual([ratePerSecond, creditSeconds, expected]);
  }
});

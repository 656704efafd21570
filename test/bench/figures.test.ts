import { expect, test } from "vitest";
import { judge, metAll } from "./bars.ts";
import { type Comparison, compare, median, oncePerRound, quantile, rowOf, shown } from "./figures.ts";
import { markdownTable } from "./table.ts";

const comparison = (parts: Partial<Comparison> = {}): Comparison => ({
  name: "Accept",
  unit: "requests/s",
  ours: { name: "ours", measure: async () => 1 },
  peers: [{ name: "peer", measure: async () => 2 }],
  notes: () => ["a note"],
  ...parts,
});

test("the median of an even number of values is the mean of the middle two", () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("a quantile is a value that was measured, the largest one at most", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantile(values, 0.5)).toBe(51);
  expect(quantile(values, 0.95)).toBe(96);
  expect(quantile(values, 1)).toBe(100);
  expect(quantile([], 0.95)).toBeNaN();
});

test("a ratio compares the figures of one round and is not the ratio of the medians", () => {
  const rounds = [
    { ours: 90, peer: 100 },
    { ours: 40, peer: 50 },
    { ours: 10, peer: 20 },
  ];
  const row = rowOf(comparison(), rounds);
  expect(row).toMatchObject({ ours: 40, peers: { peer: 50 }, ratios: { peer: 0.8 }, bar: null, met: null, bars: [] });
  expect(
    rowOf(comparison(), [
      { ours: 10, peer: 20 },
      { ours: 30, peer: 10 },
    ]).ratios,
  ).toEqual({ peer: 1.75 });
});

test("a bar is met from its ratio on", () => {
  const rounds = [{ ours: 70, peer: 100 }];
  const metAt = (atLeast: number) => rowOf(comparison({ bars: [{ peer: "peer", atLeast }] }), rounds);
  expect(metAt(0.7)).toMatchObject({ bar: "≥ 0.7 × peer", met: true });
  expect(metAt(0.71).met).toBe(false);
  expect(metAt(0.71).bar).toBe("≥ 0.71 × peer");
});

test("a bar from above is met up to its ratio, a limit only below it", () => {
  const reached = { unit: "ms", ours: 40, ratios: { before: 1.2 } };
  expect(judge({ peer: "before", atMost: 1.2 }, reached)).toEqual({ bar: "≤ 1.2 × before", met: true });
  expect(judge({ peer: "before", atMost: 1.19 }, reached).met).toBe(false);
  expect(judge({ below: 40 }, reached)).toEqual({ bar: "< 40 ms", met: false });
  expect(judge({ below: 40.1 }, reached).met).toBe(true);
});

test("a bar whose peer was not there is neither met nor missed", () => {
  const reached = { unit: "ms", ours: Number.NaN, ratios: { broken: Number.NaN } };
  expect(judge({ peer: "absent", atLeast: 1 }, reached).met).toBeNull();
  expect(judge({ peer: "broken", atMost: 1 }, reached).met).toBeNull();
  expect(judge({ below: 1 }, reached).met).toBeNull();
});

test("a row meets its bars when it meets each of them", () => {
  const met = (...values: (boolean | null)[]) => metAll(values.map((value) => ({ bar: "", met: value })));
  expect([met(), met(true, true), met(true, false), met(true, null), met(false, null)]).toEqual([
    null,
    true,
    false,
    null,
    false,
  ]);
  const bars = [{ peer: "peer", atLeast: 2 }, { below: 20 }] as const;
  expect(rowOf(comparison({ bars }), [{ ours: 10, peer: 5 }])).toMatchObject({
    bar: "≥ 2 × peer; < 20 requests/s",
    met: true,
  });
  expect(rowOf(comparison({ bars }), [{ ours: 20, peer: 5 }])).toMatchObject({
    met: false,
    bars: [{ met: true }, { met: false }],
  });
});

test("both sides run in every round and nobody always runs first", async () => {
  const order: string[] = [];
  const subject = (name: string) => ({
    name,
    measure: async (round: number) => {
      order.push(`${round} ${name}`);
      return round;
    },
  });
  const row = await compare(comparison({ ours: subject("ours"), peers: [subject("peer")] }), 2, () => undefined);
  expect(order).toEqual(["1 ours", "1 peer", "2 peer", "2 ours"]);
  expect(row.rounds).toEqual([
    { ours: 1, peer: 1 },
    { ours: 2, peer: 2 },
  ]);
});

test("a row that takes minutes runs no more rounds than it wants, and no more than asked for", async () => {
  const rounds = async (asked: number) =>
    (await compare(comparison({ mostRounds: 2 }), asked, () => undefined)).rounds.length;
  expect([await rounds(5), await rounds(1)]).toEqual([2, 1]);
});

test("one measurement serves all subjects of a round, whoever asks first", async () => {
  let made = 0;
  const measure = oncePerRound(async (round) => ({ round, made: ++made }));
  expect([await measure(1), await measure(1), await measure(2), await measure(2)]).toEqual([
    { round: 1, made: 1 },
    { round: 1, made: 1 },
    { round: 2, made: 2 },
    { round: 2, made: 2 },
  ]);
});

test("small figures keep the digits that matter", () => {
  expect([shown(1234.4), shown(99.95), shown(12.34), shown(1.049), shown(undefined), shown(Number.NaN)]).toEqual([
    "1234",
    "100.0",
    "12.3",
    "1.05",
    "–",
    "–",
  ]);
});

test("the table shows figure, peers with ratios, bars with their verdicts, and notes", () => {
  const plain = markdownTable([rowOf(comparison(), [{ ours: 1234.4, peer: 2468.8 }])]);
  expect(plain.split("\n").slice(0, 3)).toEqual([
    "| Work   | Unit       | Ours | Peers (ratio)     | Bar | Met |",
    "| ------ | ---------- | ---: | ----------------- | --- | --- |",
    "| Accept | requests/s | 1234 | peer: 2469 (0.50) | –   | –   |",
  ]);
  expect(plain).toContain("- Accept: 1 round(s)\n- Accept: a note");
  const bars = [
    { peer: "peer", atLeast: 0.7 },
    { peer: "peer", atLeast: 0.4 },
    { peer: "absent", atLeast: 1 },
  ];
  const judged = markdownTable([rowOf(comparison({ bars }), [{ ours: 1234.4, peer: 2468.8 }])]);
  expect(judged).toContain("| ≥ 0.7 × peer<br>≥ 0.4 × peer<br>≥ 1 × absent | no<br>yes<br>– |");
});

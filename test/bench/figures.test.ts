import { expect, test } from "vitest";
import { type Comparison, compare, markdownTable, median, rowOf } from "./figures.ts";

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
});

test("a ratio compares the figures of one round and is not the ratio of the medians", () => {
  const rounds = [
    { ours: 90, peer: 100 },
    { ours: 40, peer: 50 },
    { ours: 10, peer: 20 },
  ];
  const row = rowOf(comparison(), rounds);
  expect(row).toMatchObject({ ours: 40, peers: { peer: 50 }, ratios: { peer: 0.8 }, bar: null, met: null });
  expect(
    rowOf(comparison(), [
      { ours: 10, peer: 20 },
      { ours: 30, peer: 10 },
    ]).ratios,
  ).toEqual({ peer: 1.75 });
});

test("a bar is met from its ratio on", () => {
  const rounds = [{ ours: 70, peer: 100 }];
  const metAt = (atLeast: number) => rowOf(comparison({ bar: { peer: "peer", atLeast } }), rounds);
  expect(metAt(0.7)).toMatchObject({ bar: "≥ 0.7 × peer", met: true });
  expect(metAt(0.71).met).toBe(false);
  expect(metAt(0.71).bar).toBe("≥ 0.71 × peer");
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

test("the table shows figure, peers with ratios, bar and notes", () => {
  const table = markdownTable([rowOf(comparison(), [{ ours: 1234.4, peer: 2468.8 }])]);
  expect(table.split("\n").slice(0, 3)).toEqual([
    "| Work   | Unit       | Ours | Peers (ratio)     | Bar | Met |",
    "| ------ | ---------- | ---: | ----------------- | --- | --- |",
    "| Accept | requests/s | 1234 | peer: 2469 (0.50) | –   | –   |",
  ]);
  expect(table).toContain("- Accept: a note");
});

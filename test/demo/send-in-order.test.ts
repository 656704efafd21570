import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { SampleCall } from "../../mocks/demo/sample-month.ts";
import { sendInOrder } from "../../mocks/demo/send-in-order.ts";

const call = (code: string, minute: number): SampleCall => ({
  code,
  at: `2025-04-01T08:${String(minute).padStart(2, "0")}:00+07:00`,
  method: "PUT",
  path: "",
  body: {},
  idempotencyKey: `${code}-${minute}`,
});

test("with one dossier at a time, calls go in the order of their times", async () => {
  const sent: string[] = [];
  const dossiers = [
    [call("a", 1), call("a", 4)],
    [call("b", 2), call("b", 3)],
  ];
  await sendInOrder(dossiers, 1, async ({ idempotencyKey }) => {
    sent.push(idempotencyKey);
    return true;
  });
  expect(sent).toEqual(["a-1", "b-2", "b-3", "a-4"]);
});

test("calls of one dossier never overlap, and no more dossiers are in hand than allowed", async () => {
  const dossiers = Array.from({ length: 40 }, (_, d) => Array.from({ length: 5 }, (_, n) => call(`d${d}`, n)));
  const inHand = new Set<string>();
  const order = new Map<string, string[]>();
  let most = 0;
  await sendInOrder(dossiers, 16, async ({ code, at, idempotencyKey }) => {
    expect(inHand.has(code), `${idempotencyKey} overlaps`).toBe(false);
    inHand.add(code);
    most = Math.max(most, inHand.size);
    for (let i = 0; i <= (idempotencyKey.length * 7 + inHand.size) % 5; i++) await turn();
    order.set(code, [...(order.get(code) ?? []), at]);
    inHand.delete(code);
    return true;
  });
  expect(most).toBe(16);
  expect(order.size).toBe(40);
  for (const times of order.values()) expect(times).toEqual([0, 1, 2, 3, 4].map((n) => call("x", n).at));
});

test("after a refused call the later calls of that dossier are left out, and no others", async () => {
  const sent: string[] = [];
  const dossiers = [
    [call("a", 1), call("a", 2), call("a", 3)],
    [call("b", 1), call("b", 2)],
  ];
  await sendInOrder(dossiers, 4, async ({ idempotencyKey }) => {
    sent.push(idempotencyKey);
    return idempotencyKey !== "a-2";
  });
  expect(sent.toSorted()).toEqual(["a-1", "a-2", "b-1", "b-2"]);
});

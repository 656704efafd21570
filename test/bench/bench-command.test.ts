import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Row } from "./figures.ts";

const RUN = fileURLToPath(new URL("./run.ts", import.meta.url));

const bench = (...args: readonly string[]) => promisify(execFile)(process.execPath, [RUN, ...args]);

test("the command measures a row beside its peers and prints it as JSON, progress apart", async () => {
  const { stdout, stderr } = await bench("--quick", "--rounds", "1", "--only", "delivery-in-order", "--json");
  const { rows } = JSON.parse(stdout) as { rows: Row[] };
  expect(rows).toHaveLength(1);
  const [row] = rows;
  expect(row).toMatchObject({
    name: "Delivery of 1000 steps of 100 dossiers",
    unit: "entries/s",
    bar: "≥ 1.1 × graphile-worker, named queues",
  });
  expect(Object.keys(row?.peers ?? {})).toEqual(["bare loop", "graphile-worker, named queues"]);
  for (const rate of [row?.ours, ...Object.values(row?.peers ?? {})]) expect(rate).toBeGreaterThan(1);
  expect(row?.met).toBe((row?.ratios["graphile-worker, named queues"] ?? 0) >= 1.1);
  expect(stderr).toContain("round 1: ours");
}, 120_000);

test("a row that there is not, and a number of rounds that is none, are refused before anything is started", async () => {
  await expect(bench("--only", "accept,speed")).rejects.toThrow(/there is no row speed[\s\S]*accept, delivery/u);
  await expect(bench("--rounds", "0")).rejects.toThrow(/--rounds takes a whole number from 1/u);
  await expect(bench("--fast", "--rounds", "two")).rejects.toThrow(/--fast/u);
}, 60_000);

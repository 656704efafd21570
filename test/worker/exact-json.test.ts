import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { ROOT } from "./worker-bundle.ts";

const enterprise = join(ROOT, "adapters/enterprise");

/** Hands what is posted to the parser, and a text through sealing. */
const WORKER = `
import { parseExact } from "${enterprise}/exact-json.ts";
import { seal, unseal } from "${enterprise}/sealed-text.ts";
export default {
  fetch: async (request) => {
    const text = await request.text();
    const sealed = await seal(text, "a");
    return Response.json({ parsed: parseExact(text), same: await unseal(sealed, "a") === text, other: await unseal(sealed, "b") });
  },
};
`;

let folder: string;
let server: ReturnType<typeof createTestHarness>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ltg-exact-"));
  await writeFile(join(folder, "worker.ts"), WORKER);
  const settings = { name: "exact", main: "worker.ts", compatibility_date: "2026-11-01" };
  await writeFile(join(folder, "wrangler.json"), JSON.stringify(settings));
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  server = createTestHarness({ root: folder, workers: [{ configPath: "./wrangler.json" }] });
  await server.listen();
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test("on Workers too a number keeps its digits beyond what a float holds, and a sealed token opens with its secret alone", async () => {
  const body = '{"CAPITAL_AMOUNT":9007199254740993.125,"n":1E10,"t":"9"}';
  const answer = await server.fetch("/", { method: "POST", body });
  expect(await answer.json()).toEqual({
    parsed: { CAPITAL_AMOUNT: "9007199254740993.125", n: "1E10", t: "9" },
    same: true,
    other: null,
  });
});

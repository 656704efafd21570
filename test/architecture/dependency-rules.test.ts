import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { BROKEN_TREE, EXPECTED_REPORTS, TREE_PACKAGES } from "./broken-tree.ts";
import { filesUnder, ROOT } from "./tree.ts";

const CRUISER = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const RULES = join(ROOT, "test/architecture/dependency-rules.cjs");

const answerSchema = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ module: z.string() })) })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
  }),
});

/** Runs the gate on the tree at `folder` with the arguments of `npm run directions` and the given output. */
const run = async (folder: string, output: string): Promise<string> => {
  const layers = ["src", "adapters", "contracts", "mocks", "test"];
  const args = [CRUISER, "--config", RULES, "--output-type", output, ...layers];
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
};

const cruise = async (folder: string) => answerSchema.parse(JSON.parse(await run(folder, "json")));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

const makeBrokenTree = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "broken-tree-"));
  for (const [file, text] of Object.entries(BROKEN_TREE)) write(join(folder, file), text);
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "1.0.0"]));
  const { dependencies, devDependencies } = TREE_PACKAGES;
  const manifest = { dependencies: versions(dependencies), devDependencies: versions(devDependencies) };
  write(join(folder, "package.json"), JSON.stringify(manifest));
  for (const name of [...dependencies, ...devDependencies]) {
    const home = join(folder, "node_modules", name);
    write(join(home, "package.json"), JSON.stringify({ name, version: "1.0.0", exports: "./index.js" }));
    write(join(home, "index.js"), "export const x = 1;");
  }
  return folder;
};

const brokenTree = makeBrokenTree();
const cruiseOfBrokenTree = cruise(brokenTree);
afterAll(() => rmSync(brokenTree, { recursive: true, force: true }));

test("each rule broken on purpose is reported, and nothing else is", async () => {
  const { summary } = await cruiseOfBrokenTree;
  const reports = summary.violations.map(({ from, to, rule }) =>
    from === to ? `${from}: ${rule.name}` : `${from}: ${rule.name} -> ${to}`,
  );
  expect(reports.sort()).toEqual([...EXPECTED_REPORTS].sort());
});

test("the gate exits non-zero when a rule is broken", async () => {
  await expect(run(brokenTree, "err")).rejects.toMatchObject({ code: EXPECTED_REPORTS.length });
});

test("there is no rule that was never seen to fire", async () => {
  const { summary } = await cruiseOfBrokenTree;
  const seen = new Set(summary.violations.map(({ rule }) => rule.name));
  expect(summary.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

test("no import of the product escapes the gate", async () => {
  const { modules } = await cruise(ROOT);
  const seen = new Map(modules.map(({ source, dependencies }) => [source, dependencies.map(({ module }) => module)]));
  const product = ["src", "adapters", "contracts", "mocks"].flatMap((layer) => filesUnder(layer, ".ts"));
  const missed = product.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const written = [...text.matchAll(/^(?:import|export|\})[^"'`;]*\bfrom "([^"]+)";$/gmu)].map(
      (match) => match[1]?.replace(/^node:/u, "") ?? "",
    );
    return written.filter((module) => !seen.get(file)?.includes(module)).map((module) => `${file}: ${module}`);
  });
  expect(product.length).toBeGreaterThan(0);
  expect(missed).toEqual([]);
});

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { foldersIn, ROOT, textOf } from "./tree.ts";

/** The fenced block of README.md whose info string is `text folders`: a path at the start of each line, then words. */
const MAP = /^```text folders\n([\s\S]*?)^```$/mu;

/** The layers whose inner folders have to be in the map; `<platform>` in a line stands for any one folder. */
const LAYERS = ["src", "adapters", "contracts", "mocks", "test"];

const mapped = (MAP.exec(existsSync(join(ROOT, "README.md")) ? textOf("README.md") : "")?.[1] ?? "")
  .split("\n")
  .map((line) => /^[\w.<>/-]+/u.exec(line)?.[0])
  .filter((path) => path !== undefined);

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(".", "[.]").replaceAll(/<[^>]+>/gu, "[^/]+")}$`, "u");

const folders = foldersIn(".")
  .filter((name) => !name.startsWith("."))
  .flatMap((top) => [`${top}/`, ...(LAYERS.includes(top) ? foldersIn(top).map((name) => `${top}/${name}/`) : [])]);

test("every folder is in the README's map", () => {
  const patterns = mapped.map(patternOf);
  expect(patterns.length, "README.md has no block ```text folders").toBeGreaterThan(0);
  expect(folders.filter((folder) => !patterns.some((pattern) => pattern.test(folder)))).toEqual([]);
});

test("every line of the README's map leads to something", () => {
  const exists = (path: string): boolean =>
    path.includes("<") ? folders.some((folder) => patternOf(path).test(folder)) : existsSync(join(ROOT, path));
  expect(mapped.filter((path) => !exists(path))).toEqual([]);
});

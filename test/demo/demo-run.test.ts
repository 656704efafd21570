import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServedSimulator, serve } from "../../mocks/server.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

const DEMO = fileURLToPath(new URL("../../mocks/demo.ts", import.meta.url));
const LIMIT = 20;

let scene: GatewayScene;
let gateway: ServedSimulator;

beforeAll(async () => {
  scene = await openGatewayScene();
  gateway = await serve(scene.app);
});
afterAll(async () => {
  await gateway.close();
  await scene.close();
});

interface Run {
  readonly exitCode: number;
  readonly output: string;
  /** What stands beside a label of the table. */
  readonly value: (label: string) => string | undefined;
}

/** Runs the demonstration as a process of its own, as `npm run demo` does. */
const runDemo = (settings: Readonly<Record<string, string>> = {}, ...options: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      GATEWAY_URL: gateway.url,
      GATEWAY_CLIENT: "province",
      GATEWAY_SECRET: "province-secret",
      NATIONAL_PORTAL_SIMULATOR_URL: scene.served.url,
      ...settings,
    };
    const args = [DEMO, ...(options.length > 0 ? options : ["--limit", String(LIMIT)])];
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      const value = (label: string): string | undefined =>
        stdout
          .split("\n")
          .find((line) => line.startsWith(`${label}:`))
          ?.slice(label.length + 1)
          .trim();
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr, value });
    });
  });

const entriesOfLedger = async (): Promise<unknown> =>
  (await scene.request("GET", "/v1/ledger/summary")).json() as Promise<unknown>;

test("the demonstration delivers its dossiers and steps in order, and a second run sends nothing new", async () => {
  const first = await runDemo();
  expect(first.output).toContain("Well: every dossier is delivered");
  expect(first.exitCode).toBe(0);
  expect(first.value("Dossiers sent")).toBe(`${LIMIT}`);
  expect(first.value("Dossiers delivered")).toBe(`${LIMIT} of ${LIMIT}`);
  expect(first.value("Held by simulator")).toBe(`${LIMIT}`);
  expect(first.value("Failures")).toBe("0");
  expect(first.value("Calls")).toMatch(/^160: 160 new, 0 taken before, 0 not taken; /u);
  const { dossiers, portalDossiers, counts } = scene.portal.state;
  expect(portalDossiers.size).toBeGreaterThan(0);
  expect(dossiers.size + portalDossiers.size).toBe(LIMIT);
  const told = [...portalDossiers.values()].flatMap(({ statuses }) => statuses).length;
  expect(first.value("Steps held")).toBe(`${counts.steps + told} of ${counts.steps + told}, 0 arrived again`);
  const [, accepted, delivered, superseded] =
    /^(\d+) accepted = (\d+) delivered \+ (\d+) superseded \+ 0 failed/u.exec(first.value("Ledger, in all") ?? "") ??
    [];
  expect(first.value("Pushed by portal")).toMatch(/^(\d+) of \1, 0 of them before$/u);
  const [, pushed] = /^(\d+)/u.exec(first.value("Pushed by portal") ?? "") ?? [];
  expect(Number(pushed)).toBe(scene.portal.state.portalDossiers.size);
  expect(first.value("Found by origin")).toBe(`${pushed} of ${pushed}, 0 others`);
  expect(first.output).toMatch(/exclude-by-metadata +[\d.]+ % +[\d.]+ %/u);
  expect(accepted).toBe("160");
  expect(Number(delivered) + Number(superseded)).toBe(160);

  const ledger = await entriesOfLedger();
  const calls = scene.portal.calls.total;
  const second = await runDemo();
  expect(second.output).toContain("This run sent nothing new.");
  expect(second.exitCode).toBe(0);
  expect(second.value("Calls")).toMatch(/^160: 0 new, 160 taken before, 0 not taken; /u);
  expect(second.value("Dossiers delivered")).toBe(`${LIMIT} of ${LIMIT}`);
  expect(await entriesOfLedger()).toEqual(ledger);
  expect(scene.portal.calls.total).toBe(calls);
});

test("a dossier that the portal has lost is named, and the demonstration ends with a failure", async () => {
  await runDemo();
  scene.portal.clear();
  const run = await runDemo();
  expect(run.exitCode).toBe(1);
  expect(run.value("Dossiers delivered")).toBe(`0 of ${LIMIT}`);
  expect(run.value("Held by simulator")).toBe("0");
  expect(run.output).toContain("Missing at the portal: H04.15-250310-0003, ");
  expect(run.output).toContain("Not well: not every dossier is delivered.");
});

test("a simulator that cannot be asked is no proof, and the demonstration says which setting to give", async () => {
  const run = await runDemo({ NATIONAL_PORTAL_SIMULATOR_URL: gateway.url });
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain("set NATIONAL_PORTAL_SIMULATOR_URL");
});

test("a client that the gateway does not know ends the demonstration at once", async () => {
  const run = await runDemo({ GATEWAY_SECRET: "another" });
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain('does not know client "province": set GATEWAY_CLIENT and GATEWAY_SECRET');
});

test("an option that is no number of dossiers is answered with the usage", async () => {
  const run = await runDemo({}, "--limit", "none");
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain("usage: npm run demo");
});

import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierStatus } from "../../contracts/services/dossier.ts";
import { DOSSIER_STATUSES } from "../../contracts/services/dossier.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { codeOf, foundIn, reconcileCalls, type Seed, seedHere, seedThere } from "./reconcile-scene.ts";

const ALL = 10_000;
const SEED = 20_261_101;

/** Numbers in [0, 1), the same at every run (mulberry32). */
const randomOf = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const nationalOf = (status: DossierStatus): string => String(DOSSIER_STATUSES.indexOf(status) + 1);

/** Of 10,000 dossiers, 200 that differ: 100 that the portal does not hold, 100 in another status. */
const seedsOf = (seed: number): { seeds: Seed[]; expected: string[] } => {
  const random = randomOf(seed);
  const numbers = Array.from({ length: ALL }, (_, i) => i + 1);
  const differing = new Set<number>();
  while (differing.size < 200) differing.add(1 + Math.floor(random() * ALL));
  const [missing, other] = [[...differing].slice(0, 100), [...differing].slice(100)];
  const expected: string[] = [];
  const seeds = numbers.map((n): Seed => {
    const ours = DOSSIER_STATUSES[Math.floor(random() * DOSSIER_STATUSES.length)] ?? "accepted";
    const own = nationalOf(ours);
    if (missing.includes(n)) {
      expected.push(`missing-at-portal ${codeOf(n)} ${own} undefined`);
      return { n, ours, theirs: null };
    }
    if (other.includes(n)) {
      const theirs = String((Number(own) % 10) + 1);
      expected.push(`status-differs ${codeOf(n)} ${own} ${theirs}`);
      return { n, ours, theirs };
    }
    return { n, ours, theirs: own };
  });
  return { seeds, expected: expected.sort() };
};

let scene: ApiScene;
const { run, list, repaired } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({
    settings: { NATIONAL_PORTAL_LOOKUP_STATUS_KEY: "TRANGTHAI", RECONCILE_REPAIR: "safe" },
    portalOptions: { lookupStatusKey: "TRANGTHAI" },
  });
});
afterAll(() => scene.close());

test("of 10,000 dossiers all 200 differences are found and none invented, the safe ones are mended, and a second run is clean", async () => {
  const { seeds, expected } = seedsOf(SEED);
  await seedHere(scene, seeds);
  await seedThere(scene, seeds);

  const first = await run();
  expect(first).toMatchObject({
    state: "finished",
    source: "look-up",
    profile: "mapi",
    sees: ["missing-at-portal", "status-differs"],
    examined: ALL,
    inFlight: 0,
    notCompared: 0,
    present: 0,
    equal: ALL - 200,
    found: { "missing-at-portal": 100, "missing-here": 0, "status-differs": 100 },
    repairing: 200,
    repairWithheld: false,
  });
  const found = await list();
  expect(foundIn(found)).toEqual(expected);

  await repaired();
  const entries = await rows<{ operation: string; state: string; n: number }>(
    scene.database,
    sql`select e.operation, coalesce(s.state, p.state) as state, count(*)::int as n
        from entries e left join settled s on s.tenant = e.tenant and s.id = e.id left join pending p on p.id = e.id
        group by 1, 2`,
  );
  expect(entries).toEqual([{ operation: "dossier.put", state: "delivered", n: 200 }]);
  for (const { n, ours } of seeds) {
    expect([n, scene.portal.state.dossiers.get(codeOf(n))?.status]).toEqual([n, nationalOf(ours ?? "accepted")]);
  }
  // Created where the portal held none, updated where it did.
  expect(scene.portal.state.counts).toMatchObject({ dossiers: ALL, updates: 100 });

  const second = await run();
  expect(second).toMatchObject({ examined: ALL, equal: ALL, closed: 200, repairing: 0, inFlight: 0 });
  expect(second.found).toEqual({ "missing-at-portal": 0, "missing-here": 0, "status-differs": 0 });
  const after = await list();
  expect(new Set(after.map(({ state }) => state))).toEqual(new Set(["repaired"]));
  expect(after.length).toBe(200);
}, 300_000);

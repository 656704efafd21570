import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { claimFetch } from "../../src/portal-inbound/fetch/claim-fetch.ts";
import { eraseLeftFiles } from "../../src/portal-inbound/fetch/stage-files.ts";
import { type FetchScene, filed, openFetchScene } from "./fetch-scene.ts";

const TENANT = "H04";
const codeAt = (n: number): string => `G09.20-20261121-${String(n).padStart(7, "0")}`;

let scene: FetchScene;
beforeAll(async () => {
  scene = await openFetchScene({ profile: "connector-v1", portalOptions: { listAnswer: "counted" } });
});
afterAll(() => scene?.close());

const expireLease = () =>
  scene.database.execute(
    sql`update portal_fetches set lease_until = now() - interval '1 second', requested_at = now()`,
  );

test("a counted list is read like a bare one, and a second gateway takes the round on where the first died", async () => {
  const code = codeAt(1);
  scene.simulator.addPortalDossier(filed(code, ["a"]));
  await scene.stopDispatch();
  await scene.call("POST", "/v1/portal/fetches");
  const dead = await claimFetch(scene.database, TENANT, null);
  expect(dead?.stage).toBe("listing");
  expect(await claimFetch(scene.database, TENANT, null)).toBeNull();
  scene.startDispatch();
  expect((await scene.view()).state).toBe("running");
  expect(scene.simulator.calls.count("ok")).toBe(0);
  await expireLease();
  expect(await scene.fetchIs("idle")).toMatchObject({ listed: 1, received: 1 });
  expect(await scene.stages()).toEqual({ [code]: "done" });
});

test("whatever a round had done when it died, the next brings the dossier once and tells the portal", async () => {
  // As each death leaves it: listed; kept without an acknowledgement; acknowledged without knowing of it.
  const [found, kept, told] = [codeAt(2), codeAt(3), codeAt(4)];
  for (const code of [found, kept, told]) scene.simulator.addPortalDossier(filed(code, ["a"]));
  scene.simulator.dial.set([
    { fault: "http-status", status: 500, service: "download", times: 1 },
    { fault: "http-status", status: 500, service: "xacnhantrangthainhan", times: 1 },
    { fault: "close", service: "xacnhantrangthainhan", times: 1, taken: true },
  ]);
  await scene.fetchNow();
  expect(Object.values(await scene.stages()).toSorted()).toEqual(["done", "found", "kept", "kept"]);
  scene.simulator.dial.clear();
  expect(await scene.fetchNow()).toMatchObject({ waiting: 0, unacknowledged: 0 });
  for (const code of [found, kept, told]) {
    expect(await scene.eventsOf(code)).toHaveLength(1);
    expect(scene.simulator.state.portalDossiers.get(code)?.receipts).toBeGreaterThan(0);
  }
  expect((await scene.sums())?.delivered).toBe(4);
});

test("what a process that died left of a file is erased a day later, and never a file that an event has", async () => {
  const stored = (await scene.database.execute(sql`select count(*)::int as n from inbound_pieces`))[0]?.["n"];
  await scene.database.execute(
    sql`insert into portal_fetched_files (tenant, stored, begun_at) values
          (${TENANT}, 'fetched_old', now() - interval '25 hours'), (${TENANT}, 'fetched_new', now())`,
  );
  await scene.database.execute(
    sql`insert into inbound_pieces (tenant, name, n, bytes) values
          (${TENANT}, 'fetched_old', 0, ''), (${TENANT}, 'fetched_old', 1, ''), (${TENANT}, 'fetched_new', 0, '')`,
  );
  expect(await eraseLeftFiles(scene.database, TENANT)).toBe(1);
  expect((await scene.database.execute(sql`select count(*)::int as n from inbound_pieces`))[0]?.["n"]).toBe(
    Number(stored) + 1,
  );
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { codeOf, foundIn, reconcileCalls } from "./reconcile-scene.ts";

const PROCEDURE = "2.000591";
let scene: ApiScene;
const { run, list, repaired } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ profile: "connector-v1", settings: { RECONCILE_REPAIR: "safe" } });
});
afterAll(() => scene.close());

const filed = (n: number): string => `G22.99-261101-${String(n).padStart(4, "0")}`;

test("a profile that lists what was filed on the portal finds strangers and other statuses, and proves no absence", async () => {
  for (const n of [1, 2, 3]) scene.portal.addPortalDossier({ MaHoSo: filed(n), MaTTHC: PROCEDURE });
  scene.portal.addPortalDossier({ MaHoSo: filed(9), MaTTHC: "1.000001" });
  for (const n of [1, 2]) {
    const body = dossierBody({ portalCode: filed(n), origin: "national-portal", status: "processing" });
    expect((await scene.call("PUT", `/v1/dossiers/${codeOf(n)}`, body)).status).toBe(202);
  }
  expect((await scene.call("PUT", `/v1/dossiers/${codeOf(3)}?known=true`, dossierBody())).status).toBe(202);
  await scene.drained();
  // The portal forgets what it was told of the second.
  scene.portal.clear();
  for (const n of [1, 2, 3]) scene.portal.addPortalDossier({ MaHoSo: filed(n), MaTTHC: PROCEDURE });
  scene.portal.state.apply({
    kind: "status",
    at: new Date().toISOString(),
    data: { MaHoSo: filed(1), TrangThai: "4" } as never,
  });

  const first = await run();
  expect(first).toMatchObject({
    state: "finished",
    profile: "connector-v1",
    source: "list",
    sees: ["missing-here", "status-differs"],
    examined: 3,
    equal: 1,
    notCompared: 1,
    found: { "missing-at-portal": 0, "missing-here": 1, "status-differs": 1 },
    repairing: 1,
  });
  expect(foundIn(await list())).toEqual([`missing-here ${filed(3)} undefined 1`, `status-differs ${codeOf(2)} 4 1`]);
  await repaired();
  expect(scene.portal.state.portalDossiers.get(filed(2))?.statuses.at(-1)?.data.TrangThai).toBe("4");
  expect(await run()).toMatchObject({ equal: 2, closed: 1, found: { "status-differs": 0 } });
});

test("a list that cannot be had makes nobody missing: the run waits", async () => {
  scene.portal.dial.set({ fault: "html", service: "laydanhsachhoso" });
  const { start, until } = reconcileCalls(() => scene);
  const id = await start();
  const waiting = await until(id, ({ held }) => held !== undefined, 20);
  expect(waiting).toMatchObject({ state: "running", held: "unanswered", examined: 0 });
  scene.portal.dial.clear();
  expect((await scene.call("POST", `/v1/reconciliations/${id}/stop`)).status).toBe(200);
});

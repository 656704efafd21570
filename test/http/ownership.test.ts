import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  DossierAccepted,
  DossierCounts,
  DossierDetail,
  DossierLine,
} from "../../contracts/services/dossier-views.ts";
import type { EntryView, LedgerSummary } from "../../contracts/services/ledger.ts";
import { CLIENTS, dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

/** A division of the department of industry, in the new form; the department's own code is written in the old one. */
const DIVISION = { id: "division", secret: "division-secret", scopes: ["*"], agency: "H04.15.01" };
/** An agency whose code begins with the same letters and is another one. */
const NAMESAKE = { id: "namesake", secret: "namesake-secret", scopes: ["*"], agency: "H04.151" };

const CODES = { industry: codeOf(1), health: codeOf(2), division: codeOf(3), province: codeOf(4) };
type Owner = keyof typeof CODES;

let scene: ApiScene;
const exchangeOf = new Map<Owner, string>();

beforeAll(async () => {
  const settings = { CLIENTS: JSON.stringify([...CLIENTS, DIVISION, NAMESAKE]) };
  scene = await openApiScene({ dispatch: false, settings });
  for (const [client, code] of Object.entries(CODES) as [Owner, string][]) {
    const { body } = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${code}`, dossierBody(), { client });
    exchangeOf.set(client, body.exchanges[0]?.id ?? "");
  }
});
afterAll(() => scene.close());

const REACH: [string, Owner[]][] = [
  ["province", ["industry", "health", "division", "province"]],
  ["reader", ["industry", "health", "division", "province"]],
  ["industry", ["industry", "division"]],
  ["division", ["division"]],
  ["health", ["health"]],
  ["namesake", []],
];

test.for(REACH)(
  "%s finds in search, counts, ledger and sums exactly what its agency covers",
  async ([client, owners]) => {
    const get = async <Body>(path: string) => (await scene.call<Body>("GET", path, undefined, { client })).body;
    const codes = owners.map((owner) => CODES[owner]).toSorted();
    const dossiers = await get<{ items: DossierLine[] }>("/v1/dossiers");
    expect(dossiers.items.map(({ code }) => code).toSorted()).toEqual(codes);
    expect((await get<DossierCounts>("/v1/dossiers/counts")).total).toBe(codes.length);
    const ledger = await get<{ items: EntryView[] }>("/v1/ledger");
    expect(ledger.items.map(({ subject }) => subject).toSorted()).toEqual(codes);
    const sums = await get<LedgerSummary>("/v1/ledger/summary");
    expect(sums.items.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(codes.length);
    const named = await get<{ items: DossierLine[] }>("/v1/dossiers?q=vi%20du");
    expect(named.items).toHaveLength(codes.length);
  },
);

test.for(REACH)(
  "%s reads single dossiers and entries only of its agency and below: the rest is not found",
  async ([client, owners]) => {
    for (const owner of Object.keys(CODES) as Owner[]) {
      const status = owners.includes(owner) ? 200 : 404;
      const read = await scene.call("GET", `/v1/dossiers/${CODES[owner]}`, undefined, { client });
      const entry = await scene.call("GET", `/v1/ledger/${exchangeOf.get(owner)}`, undefined, { client });
      expect([owner, read.status, entry.status]).toEqual([owner, status, status]);
    }
  },
);

test("another owner's dossier is forbidden to put and not found for steps, and nothing is stored", async () => {
  const path = `/v1/dossiers/${CODES.industry}`;
  for (const client of ["health", "division", "namesake"]) {
    const put = await scene.storesNothing(() => scene.call("PUT", path, dossierBody({ note: "x" }), { client }));
    expect([client, put.status, put.body.code]).toEqual([client, 403, "forbidden"]);
    const known = await scene.storesNothing(() => scene.call("PUT", `${path}?known=true`, dossierBody(), { client }));
    expect(known.status).toBe(403);
    const step = await scene.storesNothing(() => scene.call("POST", `${path}/events`, eventBody("e"), { client }));
    expect([client, step.status, step.body.code]).toEqual([client, 404, "not_found"]);
  }
});

test("another owner's entry is neither retried nor cancelled", async () => {
  const entry = `/v1/ledger/${exchangeOf.get("industry")}`;
  const retry = await scene.storesNothing(() => scene.call("POST", `${entry}/retry`, undefined, { client: "health" }));
  const cancel = await scene.storesNothing(() =>
    scene.call("POST", `${entry}/cancel`, { reason: "x" }, { client: "health" }),
  );
  expect([retry.status, cancel.status]).toEqual([404, 404]);
});

test("an answer about another owner's dossier is that about one that does not exist", async () => {
  const options = { client: "health", headers: { "x-correlation-id": "same" } };
  const foreign = await scene.call("GET", `/v1/dossiers/${CODES.industry}`, undefined, options);
  const absent = await scene.call("GET", `/v1/dossiers/${codeOf(999)}`, undefined, options);
  expect(foreign.text).toBe(absent.text);
});

test("the owner is whoever put it first, and stays when one above puts it again", async () => {
  const path = `/v1/dossiers/${CODES.division}`;
  const owner = async () => (await scene.call<DossierDetail>("GET", path)).body.owner;
  expect(await owner()).toBe("H04.15.01");
  for (const client of ["industry", "province"]) {
    expect((await scene.call("PUT", path, dossierBody({ note: client }), { client })).status).toBe(202);
    expect(await owner()).toBe("H04.15.01");
  }
  expect((await scene.call("GET", path, undefined, { client: "division" })).status).toBe(200);
});

test("neither the dossier's code nor its processing unit decides who reaches it", async () => {
  const path = "/v1/dossiers/H25.16-261120-0007";
  const body = dossierBody({ processingUnit: { code: "H04.16", name: "Sở Y tế" } });
  expect((await scene.call("PUT", path, body, { client: "industry" })).status).toBe(202);
  expect((await scene.call("GET", path, undefined, { client: "health" })).status).toBe(404);
  expect((await scene.call("GET", path, undefined, { client: "industry" })).status).toBe(200);
});

test("a cursor of a wider reach shows a narrower one nothing more", async () => {
  const page = await scene.call<{ next: string }>("GET", "/v1/dossiers?limit=1");
  const after = `/v1/dossiers?cursor=${page.body.next}`;
  const seen = await scene.call<{ items: DossierLine[] }>("GET", after, undefined, { client: "namesake" });
  expect(seen.body.items).toEqual([]);
});

import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { HoSo } from "../../contracts/platforms/national-portal/wire.ts";
import type { DossierStatus } from "../../contracts/services/dossier.ts";
import type { DiscrepancyView, ListReceived, ReconciliationView } from "../../contracts/services/reconciliations.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierContext } from "../../src/ledger/open-message.ts";
import { createFingerprints } from "../../src/security/fingerprints.ts";
import { createSealer } from "../../src/security/sealing.ts";
import { dossierBody, type GatewayScene } from "../gateway-scene.ts";
import type { ApiScene } from "../http/api-scene.ts";

/** What starting a reconciliation answers. */
export type Started = Pick<ReconciliationView, "id" | "state">;

/** The code of dossier `n`, of up to 99,999. */
export const codeOf = (n: number): string => `H04.15-261101-${String(n).padStart(5, "0")}`;

/** When lists were exported: after what is seeded was settled, before what a test does. */
const EXPORTED_AT = new Date(Date.now() - 5 * 24 * 3600 * 1000).toISOString();

/** A dossier as both sides have it, long settled. */
export interface Seed {
  readonly n: number;
  /** Null: not here. */
  readonly ours: DossierStatus | null;
  /** The portal's code; null: it holds none. */
  readonly theirs: string | null;
  readonly agency?: string;
  /** False: it was never sent. */
  readonly sent?: boolean;
}

/** Writes dossiers straight into the tables, as they are after their exchanges were delivered long ago. */
export const seedHere = async (scene: GatewayScene, seeds: readonly Seed[]): Promise<void> => {
  const { tenant } = scene.gateway;
  const sealer = createSealer(scene.keys.ledger);
  const fingerprint = createFingerprints(scene.keys.ledger).of("seeded");
  const here = seeds.filter(({ ours }) => ours !== null);
  for (let from = 0; from < here.length; from += 1000) {
    const given = here.slice(from, from + 1000).map(({ n, ours, agency = "H04.15", sent = true }) => {
      const code = codeOf(n);
      const content = sealer.seal(JSON.stringify(dossierBody({ status: ours })), dossierContext(tenant, code));
      return { code, status: ours, agency, sent, content: Buffer.from(content).toString("hex") };
    });
    await scene.database.execute(
      sql`with given as materialized (
            select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
              as g(code text, status text, agency text, sent boolean, content text)
          ),
          held as (
            insert into holdings (tenant, platform, dossier_code)
            select ${tenant}, 'national-portal', code from given where sent
          )
          insert into dossiers (tenant, code, agency, status, procedure_code, origin, channel, unit_name, received_at, fingerprint,
                                search, content, created_at, updated_at)
          select ${tenant}, code, agency, status, '2.000591', 'province', 'online', 'Sở Công Thương', '2026-11-01T08:00:00Z',
                 ${fingerprint}, '{}', decode(content, 'hex'), now() - interval '10 days', now() - interval '10 days'
          from given`,
    );
  }
};

/** Gives the portal the same dossiers as it holds them. */
export const seedThere = async (scene: GatewayScene, seeds: readonly Seed[]): Promise<void> => {
  const dossiers = seeds.flatMap(({ n, theirs }) =>
    theirs === null ? [] : [{ MaHoSo: codeOf(n), TrangThaiHoSo: theirs } satisfies Partial<HoSo>],
  );
  const answer = await fetch(`${scene.served.url}/__simulator/dossiers`, {
    method: "POST",
    body: JSON.stringify(dossiers),
  });
  expect(answer.status).toBe(201);
};

/** Calls of reconciliation, each answer checked against the description. */
export const reconcileCalls = (scene: () => ApiScene) => {
  const read = async (id: string): Promise<ReconciliationView> => {
    const answer = await scene().call<ReconciliationView>("GET", `/v1/reconciliations/${id}`);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const start = async (body: object = {}, client = "province"): Promise<string> => {
    const wanted = { platform: "national-portal", ...body };
    const answer = await scene().call<Started>("POST", "/v1/reconciliations", wanted, { client });
    expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
    return answer.body.id;
  };
  const until = async (
    id: string,
    holds: (run: ReconciliationView) => boolean,
    seconds = 120,
  ): Promise<ReconciliationView> => {
    for (const end = Date.now() + seconds * 1000; ; await delay(20)) {
      const run = await read(id);
      if (holds(run)) return run;
      if (Date.now() > end) throw new Error(`the run stays ${JSON.stringify(run)}`);
    }
  };
  const list = async (query = ""): Promise<DiscrepancyView[]> => {
    const items: DiscrepancyView[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const path: string = `/v1/discrepancies?limit=200${query}${next && `&cursor=${next}`}`;
      const answer = await scene().call<{ items: DiscrepancyView[]; next: string | null }>("GET", path);
      expect(answer.status).toBe(200);
      items.push(...answer.body.items);
      next = answer.body.next;
    }
    return items;
  };
  return {
    read,
    start,
    until,
    list,
    /** Runs to the end. */
    run: async (body?: object): Promise<ReconciliationView> =>
      until(await start(body), ({ state }) => state !== "running"),
    upload: (text: string, query = "", type = "application/x-ndjson", headers: Record<string, string> = {}) =>
      scene().call<ListReceived>(
        "POST",
        `/v1/reconciliation-lists?platform=national-portal&asOf=${encodeURIComponent(EXPORTED_AT)}${query}`,
        text,
        { headers: { "content-type": type, ...headers } },
      ),
    /** Waits until no repair is still to be made and nothing is on its way. */
    repaired: async (): Promise<void> => {
      for (const end = Date.now() + 60_000; ; await delay(20)) {
        const [due] = await rows<{ n: number }>(
          scene().database,
          sql`select count(*)::int as n from discrepancies where is_due`,
        );
        if (due?.n === 0) break;
        if (Date.now() > end) throw new Error(`${due?.n} repairs are still due`);
      }
      await scene().drained(60);
    },
  };
};

/** What a run said it found, in one line each. */
export const foundIn = (discrepancies: readonly DiscrepancyView[]): string[] =>
  discrepancies.map(({ kind, dossierCode, ours, theirs }) => `${kind} ${dossierCode} ${ours} ${theirs}`).sort();

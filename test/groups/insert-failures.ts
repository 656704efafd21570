import { sql } from "../../src/database/sql.ts";
import { createCauseKey } from "../../src/ledger/groups/cause-key.ts";
import { evidenceContext } from "../../src/ledger/ledger-desk.ts";
import { createFingerprints } from "../../src/security/fingerprints.ts";
import { createSealer } from "../../src/security/sealing.ts";
import type { GatewayScene } from "../gateway-scene.ts";

/** A cause of failures as a portal words it for dossier `n`. */
export type Cause = (n: number) => string;

/**
 * Writes failed entries straight into the tables, entry `n` with cause `n % causes.length`, each in a stream of its own with
 * `behind` queued entries after it. Entry `n` belongs to `agencyOf(n)`.
 */
export const insertFailures = async (
  scene: GatewayScene,
  count: number,
  causes: readonly Cause[],
  { behind = 0, agencyOf = () => "H04" }: { behind?: number; agencyOf?: (n: number) => string } = {},
): Promise<void> => {
  const { tenant } = scene.gateway;
  const sealer = createSealer(scene.keys.ledger);
  const keyOf = createCauseKey(createFingerprints(scene.keys.ledger), "national-portal");
  const failures = Array.from({ length: count }, (_, n) => {
    const message = causes[n % causes.length]?.(n) ?? "";
    const fault = { outcome: "refused", code: "upstream_rejected", platformCode: "-1", message } as const;
    const sealed = Buffer.from(sealer.seal(message, evidenceContext(tenant))).toString("hex");
    return { n, agency: agencyOf(n), shape: keyOf(fault), message: sealed };
  });
  await scene.database.execute(
    sql`with given as materialized (
          select * from jsonb_to_recordset(${JSON.stringify(failures)}::jsonb) as f(n int, agency text, shape text, message text)
        ),
        made as (
          insert into entries (tenant, platform, operation, stream, subject, dossier_code, client, agency, priority,
                               correlation_id, payload)
          select ${tenant}, 'national-portal', 'dossier.put', 'test:' || n, 'D' || n, 'D' || n, 'province', agency, 1, 'c', ''
          from given cross join generate_series(0, ${behind}::int) as place order by n, place
          returning id, stream, agency
        ),
        numbered as (
          select id, stream, agency, row_number() over (partition by stream order by id) as place from made
        )
        insert into pending (tenant, id, platform, operation, stream, position, priority, state, error_code, platform_code,
                             error_message, shape, agency)
        select ${tenant}, m.id, 'national-portal', 'dossier.put', m.stream, m.id, 1,
               case when m.place = 1 then 'failed' else 'queued' end,
               case when m.place = 1 then 'upstream_rejected' end, case when m.place = 1 then '-1' end,
               case when m.place = 1 then decode(g.message, 'hex') end, case when m.place = 1 then g.shape end, m.agency
        from numbered m join given g on m.stream = 'test:' || g.n`,
  );
};

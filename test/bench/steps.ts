import { PRIORITIES } from "../../contracts/ledger.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierContext } from "../../src/ledger/open-message.ts";
import { createSealer } from "../../src/security/sealing.ts";
import type { BenchGateway } from "./bench-gateway.ts";
import { dossierCode, eventBody } from "./workload.ts";

const PLATFORM = "national-portal";
/** Steps that are due at the same moment: about what one group of accepted calls commits together. */
const CHUNK = 50;

/** The rows that one accepted step leaves (src/ledger/append-entry.ts), for many steps in one statement. */
const appendSteps = async ({ database, config, keys }: BenchGateway, from: number, to: number, streams: number) => {
  const tenant = config.provinceCode;
  const sealer = createSealer(keys.ledger);
  const payloads: Uint8Array[] = [];
  let offset = 1;
  const steps = Array.from({ length: to - from }, (_, i) => {
    const code = dossierCode((from + i) % streams);
    const payload = sealer.seal(JSON.stringify(eventBody(`bench-${from + i}`)), dossierContext(tenant, code));
    payloads.push(payload);
    const step = { n: from + i, code, at: offset, length: payload.length };
    offset += payload.length;
    return step;
  });
  await database.database.execute(
    sql`with accepted as (
          insert into entries (tenant, platform, operation, stream, subject, dossier_code, client, agency, priority,
                               correlation_id, payload)
          select ${tenant}, ${PLATFORM}, 'dossier.step', ${`${PLATFORM}:dossier:`}::text || s.code, s.code, s.code, 'demo',
                 'H04', ${PRIORITIES.normal}::smallint, 'bench-' || s.n,
                 substr(${Buffer.concat(payloads)}::bytea, s.at, s.length)
          from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as s(n int, code text, at int, length int)
          order by s.n
          returning tenant, id, platform, operation, stream, priority
        )
        insert into pending (tenant, id, platform, operation, stream, position, priority, agency)
        select tenant, id, platform, operation, stream, id, priority, 'H04' from accepted`,
  );
};

/** Which steps are made due. */
export interface Steps {
  /** The first number, 0 by default. */
  readonly from?: number;
  readonly count: number;
  /** Dossiers that they are spread over in turn. */
  readonly streams: number;
}

/** Makes steps due, as if they had just been accepted. */
export const enqueueSteps = async (gateway: BenchGateway, { from = 0, count, streams }: Steps): Promise<void> => {
  for (let first = from; first < from + count; first += CHUNK) {
    await appendSteps(gateway, first, Math.min(from + count, first + CHUNK), streams);
  }
};

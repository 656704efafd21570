import type { Boundary } from "../../contracts/ledger.ts";
import type { Dossier, DossierEvent, DossierStatus } from "../../contracts/services/dossier.ts";
import type { DossierDetail } from "../../contracts/services/dossier-views.ts";
import { isoMoment, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import { countLinks } from "../files/count-links.ts";
import { dossierContext } from "../ledger/open-message.ts";
import type { DossierOffice } from "./dossier-office.ts";
import { syncState } from "./sync-state.ts";

interface Row {
  code: string;
  agency: string;
  status: DossierStatus;
  content: Uint8Array;
  sync: DossierDetail["sync"][number]["state"];
  last_delivered: string | null;
  failed_exchange: string | null;
}

interface EventRow {
  content: Uint8Array;
  accepted_at: string;
  exchange_id: string;
  is_unsent: boolean;
}

const readRow = async (office: DossierOffice, boundary: Boundary, code: string, platform: string) => {
  const { database, tenant } = office;
  const [row] = await rows<Row>(
    database,
    sql`select d.code, d.agency, d.status, d.content, ${syncState(tenant, platform)} as sync,
               coalesce(
                 (select max(s.settled_at) from entries e join settled s on s.tenant = e.tenant and s.id = e.id
                  where e.tenant = ${tenant} and e.subject = d.code and e.platform = ${platform} and e.direction = 'out'
                    and s.state = 'delivered'),
                 (select delivered_at from past_deliveries o
                  where o.tenant = ${tenant} and o.subject = d.code and o.platform = ${platform})) as last_delivered,
               (select u.id from pending u where u.tenant = ${tenant} and u.stream = ${`${platform}:dossier:`} || d.code
                  and u.state = 'failed' order by u.position limit 1) as failed_exchange
        from dossiers d
        where d.tenant = ${tenant} and (d.code = ${code} or d.portal_code = ${code}) and ${within(sql`d.agency`, boundary)}
        limit 1`,
  );
  return row;
};

/** `GET /v1/dossiers/{code}`, by its own code or the portal's; null when there is none within the boundary. */
export const readDossier = async (
  office: DossierOffice,
  boundary: Boundary,
  code: string,
  platform: string,
): Promise<DossierDetail | null> => {
  const row = await readRow(office, boundary, code, platform);
  if (row === undefined) return null;
  const events = await rows<EventRow>(
    office.database,
    sql`select content, accepted_at, exchange_id, is_unsent from dossier_events
        where tenant = ${office.tenant} and dossier_code = ${row.code} order by exchange_id`,
  );
  const files = await countLinks(office.database, office.tenant, row.code);
  const open = (sealed: Uint8Array) => office.sealer.open(sealed, dossierContext(office.tenant, row.code));
  return {
    code: row.code,
    status: row.status,
    owner: row.agency,
    dossier: JSON.parse(open(row.content)) as Dossier,
    timeline: events.map((event) => ({
      ...(JSON.parse(open(event.content)) as DossierEvent),
      acceptedAt: isoMoment(event.accepted_at),
      ...(!event.is_unsent && { exchangeId: event.exchange_id }),
    })),
    sync: [
      {
        platform: platform as DossierDetail["sync"][number]["platform"],
        state: row.sync,
        ...(row.last_delivered !== null && { lastDeliveredAt: isoMoment(row.last_delivered) }),
        ...(row.failed_exchange !== null && { failedExchange: row.failed_exchange }),
      },
    ],
    ...(files.links > 0 && { files }),
  };
};

import { sql } from "drizzle-orm";
import { PRIORITIES } from "../../../contracts/ledger.ts";
import { rows } from "../../../src/database/database.ts";
import { dossierContext } from "../../../src/ledger/open-message.ts";
import { startDispatch } from "../../../src/runtime/node-gateway.ts";
import { createSealer } from "../../../src/security/sealing.ts";
import { type BenchGatewayOptions, openBenchGateway } from "../bench-gateway.ts";
import { answerCommands } from "../commands.ts";
import { dossierCode, eventBody } from "../workload.ts";

type Parts = Awaited<ReturnType<typeof openBenchGateway>>;

const PLATFORM = "national-portal";
/** Steps that are due at the same moment: about what one group of accepted calls commits together. */
const CHUNK = 50;
/** A drain takes seconds; one that does not end has failed. */
const MOST_MS = 180_000;

let parts: Parts | undefined;

const opened = (): Parts => {
  if (parts === undefined) throw new Error("not open");
  return parts;
};

/** The rows that one accepted step leaves (src/ledger/append-entry.ts), for many steps in one statement. */
const appendSteps = async ({ database, config, keys }: Parts, from: number, to: number, streams: number) => {
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

const pendingCount = async ({ database }: Parts): Promise<number> => {
  const [row] = await rows<{ count: number }>(database.database, sql`select count(*)::int as count from pending`);
  return row?.count ?? -1;
};

const commands = {
  open: async (options: BenchGatewayOptions) => {
    parts = await openBenchGateway(options);
  },
  /** Makes `count` steps due, spread over `streams` dossiers in turn. */
  enqueue: async ({ count, streams }: { count: number; streams: number }) => {
    for (let from = 0; from < count; from += CHUNK) {
      await appendSteps(opened(), from, Math.min(count, from + CHUNK), streams);
    }
  },
  /** Dispatches until all is settled. Seconds from the start of the dispatchers to the last settle's commit. */
  drain: async () => {
    const gateway = opened();
    const count = await pendingCount(gateway);
    const { promise: drained, resolve, reject } = Promise.withResolvers<number>();
    let settled = 0;
    const timer = setTimeout(
      () => reject(new Error(`after ${MOST_MS} ms ${settled} of ${count} are settled`)),
      MOST_MS,
    );
    const begun = performance.now();
    const dispatch = startDispatch({
      ...gateway,
      metrics: {
        ...gateway.metrics,
        settled: (platform, settlements) => {
          gateway.metrics.settled(platform, settlements);
          const lost = settlements.find(({ next }) => next.state !== "delivered");
          if (lost !== undefined) reject(new Error(`entry ${lost.entry.id} is ${lost.next.state}`));
          settled += settlements.length;
          if (settled === count) resolve(performance.now());
        },
      },
    });
    const end = await drained.finally(() => {
      clearTimeout(timer);
      return dispatch.stop(1000);
    });
    const left = await pendingCount(gateway);
    if (left !== 0) throw new Error(`${left} entries are still unsettled`);
    return { count, seconds: (end - begun) / 1000 };
  },
};

/** What this process can be told. */
export type DispatchingGatewayCommands = typeof commands;

answerCommands(commands);

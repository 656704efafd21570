import { toTienDo } from "../../../adapters/national-portal/map.ts";
import { createNodeTransport } from "../../../src/runtime/node-transport.ts";
import { answerCommands } from "../commands.ts";
import { dossierCode, eventBody } from "../workload.ts";

/** What is sent, and how many at once. */
interface Calls {
  readonly portalUrl: string;
  readonly count: number;
  readonly streams: number;
  readonly concurrency: number;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const HEADERS = { Accept: "application/json", "Content-Type": "application/json", Charset: "utf-8" };

/** The bodies that the adapter sends for the same steps, made before the clock starts. */
const bodiesOf = ({ count, streams }: Calls): string[] =>
  Array.from({ length: count }, (_, n) => {
    const data = [toTienDo(dossierCode(n % streams), eventBody(`bench-${n}`), "4")];
    return JSON.stringify({ session: "bench-session", madonvi: "000.00.00.H04", service: "CapNhatTienDoHoSoMC", data });
  });

const commands = {
  /** Sends everything, in no order. Seconds from the first request to the last answer. */
  run: async (calls: Calls) => {
    const { portalUrl, concurrency } = calls;
    const bodies = bodiesOf(calls);
    const { transport, close } = createNodeTransport({ connections: concurrency, connectTimeoutMs: 15_000 });
    const { signal } = new AbortController();
    let next = 0;
    const sendNext = async (): Promise<void> => {
      for (let n = next++; n < bodies.length; n = next++) {
        const headers = { ...HEADERS, "X-Correlation-Id": `bench-${n}` };
        const request = { method: "POST", url: `${portalUrl}/mapi/g`, headers, body: bodies[n] ?? "" } as const;
        const { body } = await transport(request, { signal, maxAnswerBytes: MAX_ANSWER_BYTES });
        if (!body.includes('"error_code":"0"')) throw new Error(`the portal answered ${body}`);
      }
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: concurrency }, sendNext));
    const seconds = (performance.now() - begun) / 1000;
    await close();
    return { seconds };
  },
};

/** What this process can be told. */
export type BareLoopCommands = typeof commands;

answerCommands(commands);

import { toTienDo } from "../../adapters/national-portal/map.ts";
import { createNodeTransport } from "../../src/runtime/node-transport.ts";
import { dossierCode, eventBody } from "./workload.ts";

/** One step of the workload as a job of a peer carries it: in clear, ready to be sent. */
export interface StepJob {
  readonly n: number;
  readonly code: string;
  readonly event: ReturnType<typeof eventBody>;
}

/** The step `n` of a row that spreads its steps over `streams` dossiers in turn. */
export const stepJob = (n: number, streams: number): StepJob => ({
  n,
  code: dossierCode(n % streams),
  event: eventBody(`bench-${n}`),
});

/** The body that the adapter sends for the same step. */
export const stepBody = ({ code, event }: StepJob): string =>
  JSON.stringify({
    session: "bench-session",
    madonvi: "000.00.00.H04",
    service: "CapNhatTienDoHoSoMC",
    data: [toTienDo(code, event, "4")],
  });

const MAX_ANSWER_BYTES = 1024 * 1024;
const HEADERS = { Accept: "application/json", "Content-Type": "application/json", Charset: "utf-8" };

/** Calls the portal as the gateway does, over the same transport: what every peer of the delivery rows uses. */
export const openPortalClient = (portalUrl: string, connections: number) => {
  const { transport, close } = createNodeTransport({ connections, connectTimeoutMs: 15_000 });
  const { signal } = new AbortController();
  return {
    /** @throws unless the portal took it. */
    send: async (n: number, body: string): Promise<void> => {
      const headers = { ...HEADERS, "X-Correlation-Id": `bench-${n}` };
      const request = { method: "POST", url: `${portalUrl}/mapi/g`, headers, body } as const;
      const answer = await transport(request, { signal, maxAnswerBytes: MAX_ANSWER_BYTES });
      if (!answer.body.includes('"error_code":"0"')) throw new Error(`the portal answered ${answer.body}`);
    },
    close,
  };
};

/** A client with its connections. */
export type PortalClient = ReturnType<typeof openPortalClient>;

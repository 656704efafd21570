import type { GatewayClient } from "./gateway-client.ts";

interface Mirror {
  readonly state: "never" | "idle" | "running" | "waiting";
  readonly listed: number;
}

/** Clock and pause, handed in. */
export interface MirrorSurroundings {
  readonly wait: (ms: number) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

const PAUSE_MS = 250;
const PATIENCE_MS = 60_000;
const PATH = "/v1/procedures/refresh";

/**
 * Makes the gateway mirror the catalogue where it has not yet, so that it knows which procedures end without a document before their dossiers come.
 * How many procedures it knows; null: it has no catalogue, or is not done within a minute.
 */
export const mirrorCatalogue = async (
  gateway: GatewayClient,
  { wait, elapsed }: MirrorSurroundings,
): Promise<number | null> => {
  const before = await gateway.read<Mirror>(PATH);
  if (before.state === "idle") return before.listed;
  const asked = await gateway.call({ method: "POST", path: PATH });
  if (!asked.taken) return null;
  for (const begun = elapsed(); elapsed() - begun < PATIENCE_MS; await wait(PAUSE_MS)) {
    const { state, listed } = await gateway.read<Mirror>(PATH);
    if (state === "idle") return listed;
  }
  return null;
};

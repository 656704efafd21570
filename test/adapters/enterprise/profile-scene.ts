import { enterprise } from "../../../adapters/enterprise/adapter.ts";
import type { Adapter, HttpRequest, PlatformCache, Reading, Settings, Transport } from "../../../contracts/adapter.ts";
import type { Business, BusinessKind } from "../../../contracts/registries.ts";
import {
  createEnterprise,
  type EnterpriseRegisters,
  enterpriseSettings,
} from "../../../mocks/enterprise/create-enterprise.ts";
import type { EnterpriseOptions } from "../../../mocks/enterprise/settings.ts";
import { serve } from "../../../mocks/server.ts";
import { createAttemptRecorder } from "../../../src/ledger/attempt-recorder.ts";
import { withDeadline } from "../../../src/resilience/deadline.ts";
import { createNodeTransport } from "../../../src/runtime/node-transport.ts";
import { handClock, memoryCache } from "../call-context.ts";

/** The adapter with settings, refused ones fail the test. */
export const openAdapter = (settings: Settings): Adapter => {
  const reading = enterprise.readConfig(settings);
  if (reading.kind !== "configured") throw new Error(`settings are ${JSON.stringify(reading)}`);
  return enterprise.create(reading.config);
};

/** Where look-ups of one test meet: the clock, the shared cache, and how long a call may take. */
export interface Surroundings {
  readonly clock: ReturnType<typeof handClock>;
  readonly cache: PlatformCache;
}

/** Asks as the gateway does, with its own recorder: what would be kept is kept here. */
export const asking = (transport: Transport, { clock, cache }: Surroundings, timeoutMs = 5000) => {
  const requests: HttpRequest[] = [];
  const noted: Transport = (request, options) => {
    requests.push(request);
    return transport(request, options);
  };
  const recorder = createAttemptRecorder({
    transport: withDeadline(noted, timeoutMs),
    now: clock.now,
    signal: new AbortController().signal,
  });
  const find = async (
    adapter: Adapter,
    code: string,
    kind: BusinessKind = "enterprise",
  ): Promise<Reading<Business | null>> => {
    if (adapter.businesses === undefined) throw new Error("no registers");
    return adapter.businesses.find(kind, code, {
      correlationId: "c",
      now: clock.now,
      cache,
      attempt: recorder.attempt,
    });
  };
  return { find, records: recorder.records, requests };
};

/** One profile before its simulator, over real HTTP and the gateway's own transport. */
export interface ProfileScene {
  readonly registers: EnterpriseRegisters;
  readonly clock: ReturnType<typeof handClock>;
  readonly cache: PlatformCache;
  readonly settings: Settings;
  readonly adapter: Adapter;
  readonly transport: Transport;
  readonly asked: () => ReturnType<typeof asking>;
  find(code: string, kind?: BusinessKind, timeoutMs?: number): Promise<Reading<Business | null>>;
  refuse(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The adapter as `npm start` would open it before its own simulator. */
export const openProfile = async (
  profile: "dkkd-v1" | "dkkd-v2" | "dkkd-hcm",
  options: Partial<EnterpriseOptions> = {},
): Promise<ProfileScene> => {
  let tokens = 0;
  const clock = handClock();
  const cache = memoryCache(clock.now);
  const registers = createEnterprise({ now: clock.now, newToken: () => `token-${++tokens}`, ...options });
  const served = await serve(registers.app);
  const { transport, close } = createNodeTransport({ connections: 8, connectTimeoutMs: 5000 });
  const settings = { ENTERPRISE_PROFILE: profile, ...enterpriseSettings(profile, served.url) };
  const adapter = openAdapter(settings);
  let last = asking(transport, { clock, cache });
  return {
    ...{ registers, clock, cache, settings, adapter, transport },
    asked: () => last,
    find: (code, kind = "enterprise", timeoutMs = 5000) => {
      last = asking(transport, { clock, cache }, timeoutMs);
      return last.find(adapter, code, kind);
    },
    refuse: served.refuse,
    close: async () => {
      await close();
      await served.close();
    },
  };
};

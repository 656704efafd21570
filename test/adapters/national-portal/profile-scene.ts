import { nationalPortal } from "../../../adapters/national-portal/adapter.ts";
import type { ProfileName } from "../../../adapters/national-portal/profile.ts";
import type { Adapter, CallContext, FileSource, Message, PlatformCache, Settings } from "../../../contracts/adapter.ts";
import { createNationalPortal } from "../../../mocks/national-portal/create-national-portal.ts";
import { type NationalPortalOptions, PORTAL_DEFAULTS } from "../../../mocks/national-portal/settings.ts";
import { type ServedSimulator, serve } from "../../../mocks/server.ts";
import { portalSettings } from "../../../mocks/start-simulator.ts";
import { createNodeTransport } from "../../../src/runtime/node-transport.ts";
import { handClock, memoryCache, type ScriptedCall, scriptedCall } from "../call-context.ts";

/** The procedure that simulators of these tests do not know. */
export const UNKNOWN_PROCEDURE = "9.999999";

/** One profile before its simulator, over real HTTP and the gateway's own transport. */
export interface ProfileScene {
  readonly simulator: ReturnType<typeof createNationalPortal>;
  readonly adapter: Adapter;
  readonly cache: PlatformCache;
  /** The last call, with its attempts. */
  readonly last: () => ScriptedCall;
  perform(message: Message): ReturnType<Adapter["perform"]>;
  /** The adapter with other settings, before the same simulator. */
  reopen(settings: Settings): void;
  close(): Promise<void>;
}

/** The adapter as `npm start` would open it before its own simulator. */
export const openProfile = async (
  profile: ProfileName,
  { files, ...options }: Partial<NationalPortalOptions> & { readonly files?: FileSource } = {},
): Promise<ProfileScene> => {
  let sessions = 0;
  const simulator = createNationalPortal({
    now: () => new Date("2026-11-20T02:15:00Z"),
    newSession: () => `session-${++sessions}`,
    unknownProcedures: [UNKNOWN_PROCEDURE],
    ...options,
  });
  const served: ServedSimulator = await serve(simulator.app);
  const { transport, close } = createNodeTransport({ connections: 4, connectTimeoutMs: 5000 });
  const base: Settings = {
    NATIONAL_PORTAL_PROFILE: profile,
    ...portalSettings(profile, served.url),
    AGENCY_CODE: PORTAL_DEFAULTS.madonvi,
  };
  const open = (settings: Settings): Adapter => {
    const reading = nationalPortal.readConfig({ ...base, ...settings });
    if (reading.kind !== "configured") throw new Error(`settings are ${JSON.stringify(reading)}`);
    return nationalPortal.create(reading.config);
  };
  const clock = handClock();
  const cache = memoryCache(clock.now);
  let adapter = open({});
  let call = scriptedCall(transport, { cache, clock });
  return {
    simulator,
    cache,
    get adapter() {
      return adapter;
    },
    last: () => call,
    perform: (message) => {
      call = scriptedCall(transport, { cache, clock });
      const context: CallContext = { ...call, ...(files && { files }) };
      return adapter.perform(message, context);
    },
    reopen: (settings) => {
      adapter = open(settings);
    },
    close: async () => {
      await close();
      await served.close();
    },
  };
};

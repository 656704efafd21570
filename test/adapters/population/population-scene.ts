import { population } from "../../../adapters/population/adapter.ts";
import type { Settings, Transport } from "../../../contracts/adapter.ts";
import type { CitizenQuery, LookupPurpose } from "../../../contracts/registries.ts";
import { createPopulation } from "../../../mocks/population/create-population.ts";
import { populationSettings } from "../../../mocks/population/gateway-settings.ts";
import type { PopulationOptions } from "../../../mocks/population/settings.ts";
import { serve } from "../../../mocks/server.ts";
import { createNodeTransport } from "../../../src/runtime/node-transport.ts";
import { handClock, type ScriptedCall, scriptedCall } from "../call-context.ts";

/** How one profile is looked at: what its messages can carry. */
export const SPEAKERS = [
  { profile: "c06-soap", agency: true, hasToken: false, wrong: { POPULATION_SECRET: "khong-phai" } },
  { profile: "lgsp-accesskey", agency: true, hasToken: false, wrong: { POPULATION_SECRET: "khong-phai" } },
  {
    profile: "lgsp-json",

    agency: false,
    hasToken: true,
    wrong: { POPULATION_CLIENT_SECRET: "khong-phai" },
  },
  { profile: "lgsp-xml-in-json", agency: false, hasToken: false, wrong: null },
] as const;

/** The person of the document's example. */
export const QUERY: CitizenQuery = {
  identity: { kind: "personal-id", value: "099205000001" },
  fullName: "Nguyễn Văn Mẫu",
  born: "2005-01-31",
};

let requests = 0;

/** Who asks; each with a request id of its own. */
export const purpose = (changes: Partial<LookupPurpose> = {}): LookupPurpose => ({
  requestId: `H04-20261120-${String(++requests).padStart(6, "0")}`,
  officerCode: "CB-DEMO-01",
  officerName: "Lê Văn Cán Bộ",
  agency: "000.00.00.H04",
  procedureCode: "9.999999",
  dossierCode: "H04.15-261120-0007",
  ...changes,
});

/** The registry as an adapter with these settings offers it. */
export const openCitizens = (settings: Settings) => {
  const reading = population.readConfig(settings);
  if (reading.kind !== "configured") throw new Error(JSON.stringify(reading));
  const { citizens } = population.create(reading.config);
  if (citizens === undefined) throw new Error("no capability citizens");
  return citizens;
};

/** One profile before the simulator, over real HTTP and the gateway's own transport. */
export const openScene = async (profile: string, options: Partial<PopulationOptions> = {}) => {
  const clock = handClock();
  let tokens = 0;
  const simulator = createPopulation({ now: clock.now, newToken: () => `token-${++tokens}`, ...options });
  const served = await serve(simulator.app);
  const node = createNodeTransport({ connections: 4, connectTimeoutMs: 5000 });
  const settings = { POPULATION_PROFILE: profile, ...populationSettings(profile, served.url) };
  let citizens = openCitizens(settings);
  let deadlineMs: number | undefined;
  const transport: Transport = (request, options) =>
    node.transport(
      request,
      deadlineMs === undefined ? options : { ...options, signal: AbortSignal.timeout(deadlineMs) },
    );
  let call: ScriptedCall = scriptedCall(transport, { clock });
  return {
    simulator,
    clock,
    url: served.url,
    settings,
    last: () => call,
    find: (query: Partial<CitizenQuery> = {}, asks: LookupPurpose = purpose()) => {
      call = scriptedCall(transport, { clock });
      return citizens.find({ ...QUERY, ...query }, asks, call);
    },
    /** The adapter with other settings, before the same simulator. */
    reopen: (changes: Settings) => {
      citizens = openCitizens({ ...settings, ...changes });
    },
    refuse: served.refuse,
    /** Calls from now on end after so many milliseconds. */
    deadline: (ms: number) => {
      deadlineMs = ms;
    },
    close: async () => {
      await node.close();
      await served.close();
    },
  };
};

/** A profile before its simulator. */
export type PopulationScene = Awaited<ReturnType<typeof openScene>>;

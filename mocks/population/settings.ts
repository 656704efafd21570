import type { AccessCredential } from "../../contracts/platforms/population/wire.ts";
import type { NameForm } from "./registry.ts";

/** How one simulated registry is set up. Only the clock and the source of tokens must be given. */
export interface PopulationOptions {
  readonly now: () => Date;
  /** Makes a new, unguessable token. */
  readonly newToken: () => string;
  /** How names have to be written (reg 2.2). */
  readonly nameForm?: NameForm;
  /** The address that callers hash, whatever address they call (reg 1.2). */
  readonly hashUrl?: string;
  /** How latency is waited for. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Credentials of the simulator, all invented; the address, user and secret are those of the test vector (reg 1.2). */
export const POPULATION_DEFAULTS = {
  hashUrl: "https://c06.example.vn/qldc/TraCuuThongTinCongDan",
  username: "tinh_demo",
  secret: "not-a-real-secret",
  apiKey: "demo-api-key",
  xroadClient: "VN/GOV/000.00.00.H04/LGSP",
  credential: {
    AccessKey: "demo-access-key",
    SecretKey: "demo-secret-key",
    AppName: "MotCua",
    PartnerCode: "000.00.00.H04",
    PartnerCodeCus: "000.00.00.H04",
  } satisfies AccessCredential,
  clientId: "demo-client",
  clientSecret: "demo-client-secret",
  tokenLifeMs: 3_600_000,
} as const;

/** Paths of the four families, and of the service description. No real path is public (reg 1.2). */
export const PATHS = {
  soap: "/c06/TraCuuThongTinCongDan",
  esb: "/esb/TraCuuThongTinCongDan",
  token: "/lgsp/token",
  json: "/lgsp/TraCuuThongTinCongDan",
  vendor: "/motcua/TraCuuThongTinCongDan",
} as const;

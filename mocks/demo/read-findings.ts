import type { GatewayClient } from "./gateway-client.ts";
import type { SampleDossier } from "./sample-month.ts";

/** Whether the search by origin lists exactly the dossiers that the sample says came from the portal: codes. */
export interface OriginFinding {
  readonly wanted: number;
  readonly found: number;
  readonly missing: readonly string[];
  /** Listed, though the sample says that they are none, or listed twice. */
  readonly strange: readonly string[];
}

/** One indicator: how many dossiers count, how many of them meet it, in percent; null: none counts. */
interface Rate {
  readonly counted: number;
  readonly met: number;
  readonly percent: number | null;
}

interface Rates {
  readonly eResult: Rate;
  readonly digitised: Rate;
}

/** The part of `GET /v1/reports/digitisation` that is shown. */
export interface DigitisationFinding {
  readonly dossiers: number;
  readonly unknown: number;
  readonly before: Rates;
  readonly after: Rates;
  /** What the rates would be if every procedure without a result document had this policy. */
  readonly comparison: readonly { readonly policy: string; readonly rates: Rates }[];
}

const originOf = ({ steps }: SampleDossier): string | undefined =>
  steps.flatMap((step) => ("put" in step ? [step.put.origin] : [])).at(-1);

const PAGE = "200";

/** Asks the search by origin and compares it with the sample. */
export const findByOrigin = async (
  gateway: GatewayClient,
  sample: readonly SampleDossier[],
): Promise<OriginFinding> => {
  const listed: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query = new URLSearchParams({ origin: "national-portal", limit: PAGE, ...(cursor !== "" && { cursor }) });
    const page: { items: { code: string }[]; next: string | null } = await gateway.read(`/v1/dossiers?${query}`);
    listed.push(...page.items.map(({ code }) => code));
    cursor = page.next;
  }
  const wanted = new Set(sample.filter((one) => originOf(one) === "national-portal").map(({ code }) => code));
  // Under its portal code a dossier would be listed beside itself.
  const others = new Set(
    sample.flatMap(({ code, portalCode = code }) => [code, portalCode]).filter((code) => !wanted.has(code)),
  );
  const found = new Set(listed);
  return {
    wanted: wanted.size,
    found: [...wanted].filter((code) => found.has(code)).length,
    missing: [...wanted].filter((code) => !found.has(code)),
    strange: [...found].filter((code) => others.has(code)),
  };
};

const DAY_MS = 86_400_000;

/** The digitisation rates of the sample's period, as put and under each policy. */
export const readDigitisation = (
  gateway: GatewayClient,
  sample: readonly SampleDossier[],
): Promise<DigitisationFinding> => {
  const received = sample.flatMap(({ steps }) => steps.flatMap((step) => ("put" in step ? [step.put.receivedAt] : [])));
  const times = received.map((at) => Date.parse(at));
  const from = new Date(Math.min(...times)).toISOString();
  const to = new Date(Math.max(...times) + DAY_MS).toISOString();
  return gateway.read(`/v1/reports/digitisation?${new URLSearchParams({ from, to })}`);
};

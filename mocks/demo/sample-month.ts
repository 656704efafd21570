/** What the demonstration reads of a whole dossier; the rest of it goes to the gateway as it stands. */
export interface SamplePut {
  readonly procedureCode: string;
  readonly origin?: string;
  readonly receivedAt: string;
  /** The portal's code of a dossier that was filed there. */
  readonly portalCode?: string;
  readonly applicant: { readonly name: string };
  readonly summary: string;
  readonly status: string;
  readonly finishedAt?: string;
  readonly returnedAt?: string;
}

/** What the demonstration reads of a progress step. */
export interface SampleEvent {
  readonly status: string;
  readonly occurredAt: string;
  readonly officer: { readonly name: string };
  readonly content: string;
}

type SampleStep = { readonly at: string } & ({ readonly put: SamplePut } | { readonly event: SampleEvent });

/** One line of the sample: a dossier and what the one-stop software did with it, in order. */
export interface SampleDossier {
  readonly code: string;
  /** The portal's code, where the portal pushed it. */
  readonly portalCode?: string;
  readonly steps: readonly SampleStep[];
}

/** One call of the unified API (api section 3). */
export interface SampleCall {
  readonly code: string;
  /** When the one-stop software made it, ISO 8601. */
  readonly at: string;
  readonly method: "PUT" | "POST";
  readonly path: string;
  readonly body: unknown;
  /** The same in every run, so that a second run sends nothing new. */
  readonly idempotencyKey: string;
}

/** The dossiers of a sample in JSON lines, the first `limit` of them. */
export const readSample = (text: string, limit = Number.POSITIVE_INFINITY): SampleDossier[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .slice(0, limit)
    .map((line) => JSON.parse(line) as SampleDossier);

/** The calls of one dossier, in order. */
export const callsOf = ({ code, portalCode, steps }: SampleDossier): SampleCall[] =>
  steps.map((step, i) => {
    const common = { code, at: step.at, idempotencyKey: `demo-${portalCode ?? code}-${i + 1}` };
    const path = `/v1/dossiers/${encodeURIComponent(code)}`;
    return "put" in step
      ? { ...common, method: "PUT", path, body: step.put }
      : { ...common, method: "POST", path: `${path}/events`, body: step.event };
  });

/** The progress steps of one dossier, in order. */
export const eventsOf = ({ steps }: SampleDossier): SampleEvent[] =>
  steps.flatMap((step) => ("event" in step ? [step.event] : []));

/** The dossier as it was put last. */
export const lastPutOf = ({ steps }: SampleDossier): SamplePut | undefined =>
  steps.flatMap((step) => ("put" in step ? [step.put] : [])).at(-1);

import {
  type Adapter,
  type CallContext,
  defineAdapter,
  type Fault,
  type Message,
  type Outcome,
} from "../../contracts/adapter.ts";
import type { FieldError } from "../../contracts/errors.ts";
import { adviseOn } from "./advise.ts";
import { checkMessage } from "./check.ts";
import { ADDRESS_SETTING, type PortalConfig, readConfig } from "./config.ts";
import type { Dialect } from "./dialect.ts";
import { portalDialect } from "./inbound/portal-dialect.ts";
import type { DossierMessage, SubmissionMessage } from "./profile.ts";
import { openConnector } from "./profiles/connector-v1/open-connector.ts";
import { openFacade } from "./profiles/lgsp-facade/open-facade.ts";
import { openMapi } from "./profiles/mapi/open-mapi.ts";
import { SECRET_SETTINGS } from "./settings.ts";
import { foldForPortalBorn } from "./status-map.ts";

const openDialect = (config: PortalConfig): Dialect => {
  switch (config.profile) {
    case "mapi":
      return openMapi(config);
    case "lgsp-facade":
      return openFacade(config);
    case "connector-v1":
      return openConnector(config);
  }
};

/** A local check fails finally and nothing is sent. */
const refusedHere = (errors: readonly FieldError[]): Fault => ({
  outcome: "refused",
  code: "invalid_request",
  message: errors.map((error) => `${error.field}: ${error.message.en}`).join(" "),
});

const NOT_OURS: Fault = { outcome: "refused", code: "invalid_request", message: "The portal takes no such message." };

const isDossierMessage = (message: Message): message is DossierMessage => message.operation.startsWith("dossier.");

const isSubmission = (message: Message): message is SubmissionMessage =>
  message.operation.startsWith("question.") || message.operation === "satisfaction.put";

const statusOf = (message: DossierMessage) => {
  switch (message.operation) {
    case "dossier.put":
      return message.dossier.status;
    case "dossier.step":
      return message.event.status;
    case "dossier.status":
      return message.change.status;
  }
};

const create = (config: PortalConfig): Adapter => {
  const dialect = openDialect(config);
  const { profile } = dialect;
  const check = (message: DossierMessage): readonly FieldError[] => [
    ...checkMessage(message, config.statusMap, profile),
    ...(dialect.check?.(message) ?? []),
  ];

  /** Why a message cannot be sent, looked at again: settings may have changed since it was accepted. */
  const refusal = (message: DossierMessage): Fault | undefined => {
    const errors = check(message);
    return errors.length > 0 ? refusedHere(errors) : undefined;
  };

  /** The national code that goes out, or null where there is nothing to tell. `check` refused what has no mapping. */
  const national = (message: DossierMessage): string | null => {
    const code = config.statusMap[statusOf(message)] ?? "";
    if (message.operation !== "dossier.status") return code;
    const folded = foldForPortalBorn(code);
    // Newly filed at the portal: it shows the dossier so already, in whichever profile.
    return folded === null || profile.foldsPortalBorn ? folded : code;
  };

  const performSteps = async (messages: readonly Message[], call: CallContext): Promise<Outcome> => {
    const steps = messages.filter((message) => message.operation === "dossier.step");
    if (steps.length < messages.length) return { delivered: false, fault: NOT_OURS };
    const fault = steps.map(refusal).find((found) => found !== undefined);
    if (fault !== undefined) return { delivered: false, fault };
    const packed = steps.map((message) => ({ message, nationalStatus: national(message) ?? "" }));
    return dialect.performSteps(packed, call);
  };

  return {
    platform: "national-portal",
    profile: profile.name,
    operations: profile.operations,
    publicFields: profile.publicFields,
    ...(dialect.catalogue && { catalogue: dialect.catalogue }),
    ...(dialect.fetching && { fetching: dialect.fetching }),
    ...(dialect.papers && { papers: dialect.papers }),
    compare: {
      ...(dialect.compareSource && { source: dialect.compareSource }),
      // What was folded for the portal says less than what the portal may show.
      statusOf: (status, portalBorn) =>
        portalBorn && profile.foldsPortalBorn ? null : (config.statusMap[status] ?? null),
    },
    check: (message) => (isDossierMessage(message) ? check(message) : []),
    advise: (message, files) => (isDossierMessage(message) ? adviseOn(message, profile, files) : []),
    perform: async (message, call) => {
      if (isSubmission(message) && dialect.submissions) return dialect.submissions.perform(message, call);
      if (!isDossierMessage(message)) return { delivered: false, fault: NOT_OURS };
      const fault = refusal(message);
      if (fault !== undefined) return { delivered: false, fault };
      const status = national(message);
      return status === null ? { delivered: true } : dialect.perform(message, status, call);
    },
    ...(config.stepsPerCall > 1 && { packets: { most: config.stepsPerCall, perform: performSteps } }),
    preview: async (message, cache) => {
      if (isSubmission(message) && dialect.submissions)
        return { ok: true, value: dialect.submissions.preview(message) };
      if (!isDossierMessage(message)) return { ok: false, fault: NOT_OURS };
      const fault = refusal(message);
      if (fault !== undefined) return { ok: false, fault };
      const status = national(message);
      return status === null ? { ok: true, value: "" } : dialect.preview(message, status, cache);
    },
  };
};

/**
 * The national public service portal (Cổng Dịch vụ công quốc gia): dossiers, progress steps, and the status of dossiers
 * born on the portal, in the dialect that `NATIONAL_PORTAL_PROFILE` names (np, "read this first"). Each dialect is a
 * table of data and a way to open it below profiles/.
 */
export const nationalPortal = defineAdapter<PortalConfig>({
  platform: "national-portal",
  addressSetting: ADDRESS_SETTING,
  secretSettings: SECRET_SETTINGS,
  readConfig,
  create,
  inbound: portalDialect,
});

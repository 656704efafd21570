import {
  type Adapter,
  type CallContext,
  defineAdapter,
  type Fault,
  type Message,
  type Operation,
  type OperationCapability,
  type Outcome,
  type PlatformCache,
  type Reading,
} from "../../contracts/adapter.ts";
import type { FieldError } from "../../contracts/errors.ts";
import type { DossierStatus } from "../../contracts/services/dossier.ts";
import { openCatalogue, readCached } from "./catalogue.ts";
import { checkMessage } from "./check.ts";
import { openClient, openPreview } from "./client.ts";
import { ADDRESS_SETTING, type PortalConfig, PROFILE, readConfig } from "./config.ts";
import { toHoSo, toTienDo, toTrangThai } from "./map.ts";
import { PUBLIC_FIELDS } from "./public-fields.ts";
import { putDossier } from "./put-dossier.ts";
import { foldForPortalBorn } from "./status-map.ts";

const CAPABILITIES = {
  /** Sent again as an update, and `TraCuuHoSo` tells whether a create arrived. */
  "dossier.put": { idempotent: true, probe: true, repeatable: true },
  /** The portal appends and cannot be asked; a step shown twice is better than one never shown. */
  "dossier.step": { idempotent: false, probe: false, repeatable: true },
  /** Sets a status: the same again changes nothing. */
  "dossier.status": { idempotent: true, probe: false, repeatable: true },
} as const satisfies Record<Operation, OperationCapability>;

const settled = (reading: Reading<null>): Outcome =>
  reading.ok ? { delivered: true } : { delivered: false, fault: reading.fault };

/** A local check fails finally and nothing is sent: settings may have changed since the message was accepted. */
const refusedHere = (errors: readonly FieldError[]): Fault => ({
  outcome: "refused",
  code: "invalid_request",
  message: errors.map((error) => `${error.field}: ${error.message.en}`).join(" "),
});

const create = (config: PortalConfig): Adapter => {
  const client = openClient(config);
  const procedures = openCatalogue(client);
  const bodies = openPreview(config);
  const check = (message: Message): readonly FieldError[] => checkMessage(message, config.statusMap);
  // `check` has refused what has no mapping before this is called.
  const national = (status: DossierStatus): string => config.statusMap[status] ?? "";

  const put = async (message: Extract<Message, { operation: "dossier.put" }>, call: CallContext): Promise<Outcome> => {
    const { dossierCode: code, dossier } = message;
    const procedure = await procedures(dossier.procedureCode, call);
    if (!procedure.ok) return { delivered: false, fault: procedure.fault };
    const hoSo = toHoSo({ code, dossier, procedure: procedure.value, nationalStatus: national(dossier.status) });
    return putDossier(message, hoSo, client, call);
  };

  const perform = async (message: Message, call: CallContext): Promise<Outcome> => {
    const errors = check(message);
    if (errors.length > 0) return { delivered: false, fault: refusedHere(errors) };
    switch (message.operation) {
      case "dossier.put":
        return put(message, call);
      case "dossier.step": {
        const { dossierCode, event } = message;
        return settled(await client.addStep(toTienDo(dossierCode, event, national(event.status)), call));
      }
      case "dossier.status": {
        const status = foldForPortalBorn(national(message.change.status));
        // Newly filed at the portal: it shows the dossier so already, there is nothing to tell.
        if (status === null) return { delivered: true };
        return settled(await client.setStatus(toTrangThai(message, status), call));
      }
    }
  };

  const preview = async (message: Message, cache: PlatformCache): Promise<Reading<string>> => {
    const errors = check(message);
    if (errors.length > 0) return { ok: false, fault: refusedHere(errors) };
    switch (message.operation) {
      case "dossier.put": {
        const { dossierCode: code, dossier, known } = message;
        const procedure = await readCached(dossier.procedureCode, cache);
        if (!procedure.ok) return procedure;
        const hoSo = toHoSo({ code, dossier, procedure: procedure.value, nationalStatus: national(dossier.status) });
        return { ok: true, value: bodies.putDossier(hoSo, known) };
      }
      case "dossier.step": {
        const { dossierCode, event } = message;
        return { ok: true, value: bodies.addStep(toTienDo(dossierCode, event, national(event.status))) };
      }
      case "dossier.status": {
        const status = foldForPortalBorn(national(message.change.status));
        return { ok: true, value: status === null ? "" : bodies.setStatus(toTrangThai(message, status)) };
      }
    }
  };

  return {
    platform: "national-portal",
    profile: PROFILE,
    operations: CAPABILITIES,
    publicFields: PUBLIC_FIELDS,
    check,
    perform,
    preview,
  };
};

/**
 * The national public service portal (Cổng Dịch vụ công quốc gia) in its own dialect, shape A "mapi": dossiers,
 * progress steps, and the status of dossiers born on the portal (np 1.1, 2.1).
 */
export const nationalPortal = defineAdapter<PortalConfig>({
  platform: "national-portal",
  addressSetting: ADDRESS_SETTING,
  secretSettings: ["NATIONAL_PORTAL_PASSWORD"],
  readConfig,
  create,
});

import {
  type Adapter,
  type CallContext,
  defineAdapter,
  type Fault,
  type Message,
  type Operation,
  type OperationCapability,
  type Outcome,
} from "../../contracts/adapter.ts";
import { webhookAddressFault } from "../../contracts/public-address.ts";
import { postEvent } from "./client.ts";
import { type ProvinceConfig, readConfig } from "./config.ts";
import { addressRefused, DELETED } from "./faults.ts";
import { bodyOf, PUBLIC_FIELDS } from "./map.ts";

const CAPABILITIES = {
  /** The receiver knows a repetition by its `webhook-id`. */
  "webhook.deliver": { idempotent: true, probe: false, repeatable: true },
} as const satisfies Partial<Record<Operation, OperationCapability>>;

const NOT_OURS: Fault = {
  outcome: "refused",
  code: "invalid_request",
  message: "Only webhooks are delivered to the province's software.",
};

const failed = (fault: Fault): Outcome => ({ delivered: false, fault });

const create = ({ allowPrivate }: ProvinceConfig): Adapter => ({
  platform: "province",
  profile: "standard-webhooks",
  operations: CAPABILITIES,
  publicFields: PUBLIC_FIELDS,
  check: () => [],
  perform: async (message: Message, call: CallContext): Promise<Outcome> => {
    if (message.operation !== "webhook.deliver") return failed(NOT_OURS);
    const endpoint = (await call.endpoint?.(message.webhookId)) ?? null;
    if (endpoint === null) return failed(DELETED);
    // Names are looked up by the transport, which refuses what they lead to.
    const why = allowPrivate ? null : webhookAddressFault(endpoint.url);
    if (why !== null) return failed(addressRefused(why));
    const reading = await postEvent(endpoint, { id: message.event.id, body: bodyOf(message.event) }, call);
    return reading.ok ? { delivered: true } : failed(reading.fault);
  },
  preview: async (message) =>
    message.operation === "webhook.deliver"
      ? { ok: true, value: bodyOf(message.event) }
      : { ok: false, fault: NOT_OURS },
});

/** The software we serve, as the receiver of webhooks (api section 8), signed as the Standard Webhooks specification says. */
export const province = defineAdapter<ProvinceConfig>({
  platform: "province",
  secretSettings: [],
  readConfig,
  create,
});

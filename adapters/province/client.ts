import type { CallContext, Reading, WebhookEndpoint } from "../../contracts/adapter.ts";
import {
  SECRET_PREFIX,
  SIGNATURE_VERSION,
  signedContent,
  WEBHOOK_HEADERS,
} from "../../contracts/platforms/province/wire.ts";
import { readAnswer } from "./faults.ts";

/** Nobody reads what a receiver answers beyond its first words. */
const KEPT_ANSWER = 1000;

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

const toBase64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const signatureOf = async (secret: string, content: string): Promise<string> => {
  const material = fromBase64(secret.slice(SECRET_PREFIX.length));
  const key = await crypto.subtle.importKey("raw", material, HMAC, false, ["sign"]);
  return SIGNATURE_VERSION + toBase64(await crypto.subtle.sign(HMAC, key, new TextEncoder().encode(content)));
};

/** Posts one event to an endpoint, signed with each of its secrets. Secrets and signatures are in no evidence. */
export const postEvent = async (
  { url, secrets }: WebhookEndpoint,
  { id, body }: { readonly id: string; readonly body: string },
  call: CallContext,
): Promise<Reading<null>> => {
  const timestamp = String(Math.floor(call.now().getTime() / 1000));
  const content = signedContent(id, timestamp, body);
  const signatures = await Promise.all(secrets.map((secret) => signatureOf(secret, content)));
  return call.attempt({
    kind: "send",
    request: {
      method: "POST",
      url,
      headers: {
        "content-type": "application/json",
        "user-agent": "lien-thong-gateway",
        [WEBHOOK_HEADERS.id]: id,
        [WEBHOOK_HEADERS.timestamp]: timestamp,
        [WEBHOOK_HEADERS.signature]: signatures.join(" "),
        "x-correlation-id": call.correlationId,
      },
      body,
    },
    evidence: body,
    answerEvidence: (answer) => answer.slice(0, KEPT_ANSWER),
    read: readAnswer,
  });
};

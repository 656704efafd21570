/**
 * What a receiver of webhooks gets: the headers of the Standard Webhooks specification, version 1.0.0, and the event as JSON.
 * Header names in lower case, as the specification writes them.
 */
export const WEBHOOK_HEADERS = {
  /** The event's id: the same in every try, so that a receiver can tell a repetition. */
  id: "webhook-id",
  /** When this try was sent, whole seconds since 1970. */
  timestamp: "webhook-timestamp",
  /** Signatures with spaces between; a receiver takes the message when one of them fits. */
  signature: "webhook-signature",
} as const;

/** Before the base64 of a secret. */
export const SECRET_PREFIX = "whsec_";

/** Before the base64 of a signature by HMAC-SHA-256 with a shared secret. */
export const SIGNATURE_VERSION = "v1,";

/** What is signed, in UTF-8: id, timestamp and body with full stops between. */
export const signedContent = (id: string, timestamp: string, body: string): string => `${id}.${timestamp}.${body}`;

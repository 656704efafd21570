import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from "node:crypto";
import { GatewayError } from "../../contracts/errors.ts";
import type { LedgerKey, LedgerKeys } from "./ledger-keys.ts";

const CIPHER = "aes-256-gcm";
const VERSION = 1;
/**
 * Random nonces of 96 bits are safe for 2^32 texts under one key (NIST SP 800-38D section 8.3). The largest province
 * seals about a million texts a day, so a key that is renewed every few years stays far below that.
 */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Nonces are drawn from the system many at a time: one by one, drawing costs as much as encrypting. */
const NONCES_PER_DRAW = 256;

/** Encrypts what the ledger keeps (design section 6, "Evidence"). Synchronous: it stands on the path of every call. */
export interface Sealer {
  /**
   * Encrypts and authenticates a text under the newest key.
   * @param plain well-formed Unicode; a lone surrogate would come back as U+FFFD
   * @param context where the text belongs, such as `entry-body:<id>`; the same is needed to open it, so that a sealed
   *   text moved to another row does not open
   */
  seal(plain: string, context: string): Uint8Array;
  /** Opens a sealed text with whichever listed key made it. Throws `internal` (cause: why) and never a part of the text. */
  open(sealed: Uint8Array, context: string): string;
}

/** A key with the bytes that begin everything sealed under it: version, length of the id, id. All of them ASCII. */
interface Slot {
  readonly key: KeyObject;
  readonly header: Buffer;
  readonly headerText: string;
}

const slotOf = ({ kid, encryption }: LedgerKey): Slot => {
  const headerText = String.fromCharCode(VERSION, kid.length) + kid;
  return { key: encryption, header: Buffer.from(headerText, "latin1"), headerText };
};

/** Gives each nonce once. What it returns is overwritten by a later draw: use it at once. */
const createNonceSource = (): (() => Buffer) => {
  const drawn = Buffer.alloc(NONCE_BYTES * NONCES_PER_DRAW);
  let next = drawn.length; // drawn at the first use: Workers give no randomness while a module loads
  return () => {
    if (next === drawn.length) {
      randomFillSync(drawn);
      next = 0;
    }
    next += NONCE_BYTES;
    return drawn.subarray(next - NONCE_BYTES, next);
  };
};

/** The header is authenticated with the context; it tells its own length, so the two cannot run into each other. */
const associatedData = (slot: Slot, context: string): Buffer => Buffer.from(slot.headerText + context, "utf8");

const unopened = (why: string, cause?: unknown): GatewayError =>
  new GatewayError("internal", { cause: new Error(`sealed text: ${why}`, { cause }) });

/** Why no listed key fits. The id is repeated only if it is one: the bytes may be anything. */
const withoutKey = (sealed: Buffer): GatewayError => {
  const kid = sealed.toString("latin1", 2, 2 + (sealed[1] ?? 0));
  if (sealed[0] !== VERSION || !/^[A-Za-z0-9_-]{1,32}$/u.test(kid)) return unopened("its header cannot be read");
  return unopened(`made with key ${kid}, which LEDGER_KEYS does not list`);
};

/**
 * A sealer over the ledger's keys. AES-256-GCM; layout: version (1 byte), length of the key id (1), key id, nonce (12),
 * ciphertext, tag (16).
 */
export const createSealer = (keys: LedgerKeys): Sealer => {
  const slots = keys.all.map(slotOf);
  const newest = slotOf(keys.newest);
  const nextNonce = createNonceSource();

  const seal = (plain: string, context: string): Uint8Array => {
    const nonce = nextNonce();
    const cipher = createCipheriv(CIPHER, newest.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(associatedData(newest, context));
    const text = cipher.update(plain, "utf8");
    cipher.final(); // a stream mode: nothing is left, but the tag is made here
    return Buffer.concat([newest.header, nonce, text, cipher.getAuthTag()]);
  };

  const open = (sealed: Uint8Array, context: string): string => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const slot = slots.find(({ header }) => bytes.subarray(0, header.length).equals(header));
    if (slot === undefined) throw withoutKey(bytes);
    const textStart = slot.header.length + NONCE_BYTES;
    const textEnd = bytes.length - TAG_BYTES;
    if (textEnd < textStart) throw unopened("cut short");
    const nonce = bytes.subarray(slot.header.length, textStart);
    const decipher = createDecipheriv(CIPHER, slot.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(slot, context));
    decipher.setAuthTag(bytes.subarray(textEnd));
    const text = decipher.update(bytes.subarray(textStart, textEnd));
    try {
      decipher.final();
    } catch (cause) {
      throw unopened("changed since it was sealed, or sealed for another place", cause);
    }
    return text.toString("utf8");
  };

  return { seal, open };
};

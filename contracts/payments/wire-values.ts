const UTC_OFFSET_MS = 7 * 3_600_000;
const WIRE_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/u;

/** A moment as `yyyyMMddHHmmss` of Viet Nam, by a clock of 24 hours (payment section 4, rule 14). */
export const toWireTime = (moment: Date): string =>
  new Date(moment.getTime() + UTC_OFFSET_MS).toISOString().replace(/\D/gu, "").slice(0, 14);

/** A time of the wire as ISO 8601 with the offset of Viet Nam; undefined for what is no time. */
export const readWireTime = (text: string): string | undefined => {
  const parts = WIRE_TIME.exec(text);
  if (parts === null) return undefined;
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}+07:00`;
  const moment = new Date(iso);
  // A day that no month has rolls over into the next one.
  return !Number.isNaN(moment.getTime()) && toWireTime(moment) === text ? iso : undefined;
};

/** An amount in VND as the wire writes it: digits alone. Undefined for anything else, and above 2^53-1. */
export const readVnd = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{1,20}$/u.test(text)) return undefined;
  const amount = BigInt(text);
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(amount) : undefined;
};

/**
 * A text in plain ASCII for what is signed: accents taken off whatever form they came in, since NFC and NFD have other
 * digests (payment section 1.3, trap b), and `|` as a space, which would make the signed text ambiguous (trap d).
 */
export const plainText = (text: string, longest: number): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/gu, "d")
    .replace(/Đ/gu, "D")
    .replace(/[^\x20-\x7b}~]/gu, " ")
    .replace(/ +/gu, " ")
    .trim()
    .slice(0, longest)
    .trim();

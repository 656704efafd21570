import { expect, test } from "vitest";
import { readBase64Text } from "../../../adapters/national-portal/profiles/mapi/base64-text.ts";

/** Reads a text that comes in these pieces. */
const decode = async (pieces: readonly string[]): Promise<string | null> => {
  async function* coming() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  const { bytes, isUnreadable } = readBase64Text(coming());
  const out: Uint8Array[] = [];
  try {
    for await (const piece of bytes) out.push(piece);
    return Buffer.concat(out).toString();
  } catch (error) {
    if (isUnreadable()) return null;
    throw error;
  }
};

test("base64 is read however it is cut into pieces, with the escapes of JSON", async () => {
  const text = ' "JVBE\\u0052i0\\u0078\\r\\nQg\\u003d\\u003D" \n';
  const whole = await decode([text]);
  expect(whole).toBe("%PDF-1B");
  for (let at = 0; at <= text.length; at++) {
    expect(await decode([text.slice(0, at), text.slice(at)]), String(at)).toBe(whole);
  }
  expect(await decode([...text])).toBe(whole);
  expect(await decode(['"w4\\u002B\\/"'])).toBe(Buffer.from("w4+/", "base64").toString());
});

test("what is no whole JSON text of base64 is unreadable", async () => {
  const texts = [
    '"JVBE',
    "JVBE",
    '""',
    '"JVBE" x',
    '"JV%E"',
    '"J"',
    '"JVB=="',
    '"JV==JV=="',
    '{"a":1}',
    '"JV\\u00zz"',
    '"\\',
  ];
  for (const text of texts) expect(await decode([...text]), text).toBe(null);
});

/** A block of addresses, IPv4 as IPv6 (`::ffff:a.b.c.d`): 128 bits, of which the first `bits` count. */
export interface Network {
  readonly first: bigint;
  readonly bits: number;
}

const WIDTH = 128;
const V4_PREFIX = 0xffffn << 32n;

const parseV4 = (text: string): bigint | null => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/u.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
};

const groupsOf = (text: string): number[] | null => {
  if (text === "") return [];
  const groups = text.split(":");
  return groups.every((group) => /^[\da-f]{1,4}$/iu.test(group)) ? groups.map((g) => Number.parseInt(g, 16)) : null;
};

const parseV6 = (text: string): bigint | null => {
  const [, before, dotted = ""] = /^(.*:)(\d[\d.]*\.\d+)$/u.exec(text) ?? [];
  const tail = before === undefined ? undefined : parseV4(dotted);
  if (tail === null) return null;
  const whole = tail === undefined ? text : `${before}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const halves = whole.split("::");
  const [head, rest] = [groupsOf(halves[0] ?? ""), groupsOf(halves[1] ?? "")];
  if (halves.length > 2 || head === null || rest === null) return null;
  const gap = 8 - head.length - rest.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return null;
  return [...head, ...Array<number>(gap).fill(0), ...rest].reduce((sum, g) => (sum << 16n) | BigInt(g), 0n);
};

/** A literal address as 128 bits; null when it is none. The zone of a link-local address does not count. */
export const parseAddress = (text: string): bigint | null => {
  const v4 = parseV4(text);
  return v4 === null ? parseV6(text.replace(/%.*$/u, "")) : V4_PREFIX | v4;
};

/** `10.1.0.0/16`, `fd00::/8`, or one address alone; null when it is none of these. */
export const parseNetwork = (text: string): Network | null => {
  const [, address = "", length] = /^([^/]+)(?:\/(\d{1,3}))?$/u.exec(text.trim()) ?? [];
  const first = parseAddress(address);
  if (first === null) return null;
  const own = parseV4(address) === null ? WIDTH : 32;
  const bits = length === undefined ? own : Number(length);
  return bits > own ? null : { first, bits: bits + WIDTH - own };
};

/** Whether an address is in one of these networks; what is no address is in none. */
export const isWithin = (address: string, networks: readonly Network[]): boolean => {
  const value = parseAddress(address);
  if (value === null) return false;
  return networks.some(({ first, bits }) => value >> BigInt(WIDTH - bits) === first >> BigInt(WIDTH - bits));
};

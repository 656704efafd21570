/** A block of addresses: its first address and how many leading bits count. */
type Block = readonly [first: string, bits: number];

/** IPv4 that no webhook has business with: private, loopback, link-local, shared, documentation, multicast, reserved (RFC 6890). */
const CLOSED_V4: readonly Block[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Within the global unicast addresses of IPv6: protocol assignments with Teredo, documentation, and 6to4, which carries any IPv4. */
const CLOSED_V6: readonly Block[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/u;

const bitsOf = (groups: readonly number[], width: number): bigint =>
  groups.reduce((sum, group) => (sum << BigInt(width)) | BigInt(group), 0n);

const parseV4 = (text: string): bigint | null => (V4.test(text) ? bitsOf(text.split(".").map(Number), 8) : null);

const groupsOf = (text: string): number[] | null => {
  if (text === "") return [];
  const groups = text.split(":");
  return groups.every((group) => /^[\da-f]{1,4}$/iu.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
};

const parseV6 = (text: string): bigint | null => {
  const dotted = /^(.*:)([\d.]+)$/u.exec(text);
  const tail = dotted?.[2]?.includes(".") ? parseV4(dotted[2]) : undefined;
  if (tail === null) return null;
  const whole =
    tail === undefined ? text : `${dotted?.[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const halves = whole.split("::");
  const [head, rest] = [groupsOf(halves[0] ?? ""), groupsOf(halves[1] ?? "")];
  if (head === null || rest === null || halves.length > 2) return null;
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return bitsOf([...head, ...Array<number>(missing).fill(0), ...rest], 16);
};

const within = (
  address: bigint,
  [first, bits]: Block,
  width: number,
  parse: (text: string) => bigint | null,
): boolean => address >> BigInt(width - bits) === (parse(first) ?? 0n) >> BigInt(width - bits);

const isPublicV4 = (address: bigint): boolean => !CLOSED_V4.some((block) => within(address, block, 32, parseV4));

/**
 * Whether a literal address, of IPv4 or IPv6, is one of the open internet. What is no address at all is not public either:
 * whoever asks is about to connect to it.
 */
export const isPublicAddress = (text: string): boolean => {
  const v4 = parseV4(text);
  if (v4 !== null) return isPublicV4(v4);
  const v6 = parseV6(text.replace(/%.*$/u, ""));
  if (v6 === null) return false;
  // An IPv4 address in the clothes of IPv6.
  if (v6 >> 32n === 0xffffn) return isPublicV4(v6 & 0xffff_ffffn);
  return v6 >> 125n === 1n && !CLOSED_V6.some((block) => within(v6, block, 128, parseV6));
};

/** Networks of one's own: private and shared IPv4 (RFC 1918, RFC 6598), unique local IPv6 (RFC 4193). */
const SITE_V4: readonly Block[] = [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
];

/** Whether a literal address is one of a network of one's own: not this machine, no link-local, nothing reserved. */
export const isSiteAddress = (text: string): boolean => {
  const v4 = parseV4(text);
  if (v4 !== null) return SITE_V4.some((block) => within(v4, block, 32, parseV4));
  const v6 = parseV6(text.replace(/%.*$/u, ""));
  if (v6 === null) return false;
  if (v6 >> 32n === 0xffffn) return SITE_V4.some((block) => within(v6 & 0xffff_ffffn, block, 32, parseV4));
  return v6 >> 121n === 0b1111110n;
};

/** Names that lead nowhere but into one's own network (RFC 6761, RFC 6762, RFC 8375), or have no domain at all. */
const OWN_NETWORK = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)$|^[^.:]+$/iu;

/**
 * Whether a webhook may be sent to an address, as far as its text tells: https, and neither a literal address nor a name of
 * one's own network. A name can still lead to such an address; that is found when it is looked up.
 */
export const webhookAddressFault = (address: string): "https_required" | "private_address" | null => {
  const { protocol, hostname } = new URL(address);
  const host = hostname.replace(/^\[|\]$/gu, "").replace(/\.$/u, "");
  const literal = /^[\d.]+$/u.test(host) || host.includes(":");
  if (literal ? !isPublicAddress(host) : OWN_NETWORK.test(host)) return "private_address";
  return protocol === "https:" ? null : "https_required";
};

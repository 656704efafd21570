import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate with its key, as PEM text, and what signs others with it. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

/** How a certificate differs from the usual one: ten years, signed by itself. */
export interface CertificateOptions {
  readonly issuer?: Issued;
  readonly authority?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** One element of DER: tag, length, content (ITU-T X.690). */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const SEQUENCE = 0x30;
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const TRUE = der(0x01, Buffer.from([0xff]));

/** ecdsa-with-SHA256 (RFC 5758 section 3.2). */
const ALGORITHM = der(SEQUENCE, oid("2a8648ce3d040302"));

const nameOf = (name: string): Buffer =>
  der(SEQUENCE, der(0x31, der(SEQUENCE, oid("550403"), der(0x0c, Buffer.from(name, "utf8")))));

const time = (moment: Date): Buffer =>
  der(0x18, Buffer.from(`${moment.toISOString().slice(0, 19).replaceAll(/[-T:]/gu, "")}Z`, "latin1"));

const extension = (id: string, value: Buffer, critical: boolean): Buffer =>
  der(SEQUENCE, oid(id), ...(critical ? [TRUE] : []), der(0x04, value));

const extensions = (authority: boolean): Buffer => {
  const basicConstraints = extension("551d13", der(SEQUENCE, ...(authority ? [TRUE] : [])), true);
  const loopback = der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])));
  return der(0xa3, der(SEQUENCE, basicConstraints, extension("551d11", loopback, false)));
};

const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString("base64").replaceAll(/.{64}/gu, "$&\n")}\n-----END ${label}-----\n`;

/** Makes a P-256 certificate for 127.0.0.1 (RFC 5280 section 4.1): no program of the machine is needed. */
export const makeCertificate = (name: string, options: CertificateOptions = {}): Issued => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const notBefore = options.notBefore ?? new Date(Date.now() - 86_400_000);
  const notAfter = options.notAfter ?? new Date(Date.now() + 3650 * 86_400_000);
  const signed = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ALGORITHM,
    nameOf(options.issuer?.name ?? name),
    der(SEQUENCE, time(notBefore), time(notAfter)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    extensions(options.authority ?? false),
  );
  const signature = sign("sha256", signed, options.issuer?.privateKey ?? privateKey);
  const certificate = der(SEQUENCE, signed, ALGORITHM, der(0x03, Buffer.from([0]), signature));
  return {
    cert: pem("CERTIFICATE", certificate),
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    privateKey,
    name,
  };
};

import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "../../contracts/public-address.ts";

/** A name leads into a private network, or to this machine. */
export class ForbiddenAddress extends Error {
  constructor() {
    super("the name leads to an address that must not be called");
    this.name = "ForbiddenAddress";
  }
}

/** All addresses of a name, as the system or a test knows them. Rejects when it has none. */
export type ResolveName = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const bySystem: ResolveName = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** The addresses of a name. */
export const addressesOf = async (host: string): Promise<string[]> =>
  (await bySystem(host)).map(({ address }) => address);

/**
 * A look-up for connecting that refuses a name as soon as one of its addresses is not public (or, with `allows`, not
 * allowed). What it answers is what the socket
 * connects to: a name cannot show one address to a check and another to the connection.
 */
export const publicLookup =
  (resolveName: ResolveName = bySystem, allows: (address: string) => boolean = isPublicAddress): LookupFunction =>
  (hostname, options, callback) => {
    const answer = (addresses: Awaited<ReturnType<ResolveName>>): void => {
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => allows(address))) {
        callback(new ForbiddenAddress(), "", 0);
      } else if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    };
    resolveName(hostname).then(answer, (error: NodeJS.ErrnoException) => callback(error, "", 0));
  };

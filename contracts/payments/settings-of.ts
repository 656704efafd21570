import type { Settings } from "../adapter.ts";

/** Reads the settings of one platform and gathers what is wrong with them, all of it at once. */
export interface PaymentSettingsReader<Name extends string> {
  readonly faults: string[];
  fault(name: Name, text: string): void;
  text(name: Name): string | undefined;
  required(name: Name, what: string): string;
  /** An http or https address without credentials or fragment. */
  address(name: Name): string | undefined;
  /** A comma list, newest first. Missing, or with an empty secret in it: a fault. No secret is ever repeated in one. */
  secrets(name: Name, what: string): readonly string[];
}

/** A comma list of secrets; null where one of them is empty. */
export const readSecrets = (text: string | undefined): readonly string[] | null => {
  if (text === undefined || text === "") return [];
  const secrets = text.split(",").map((secret) => secret.trim());
  return secrets.includes("") ? null : secrets;
};

/** The reader of settings that begin with a prefix such as `VNPAY_`: what is not in the list of names cannot be read. */
export const readSettingsOf = <Name extends string>(
  prefix: string,
  _names: readonly Name[],
  settings: Settings,
): PaymentSettingsReader<Name> => {
  const faults: string[] = [];
  const fault = (name: Name, text: string): void => {
    faults.push(`${prefix}${name} ${text}`);
  };
  const text = (name: Name): string | undefined => settings[`${prefix}${name}`] || undefined;
  return {
    faults,
    fault,
    text,
    required: (name, what) => {
      const value = text(name);
      if (value === undefined) fault(name, `is missing: ${what}`);
      return value ?? "";
    },
    address: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (url === undefined || !/^https?:$/u.test(url.protocol)) fault(name, "is not an http or https address");
      // Not repeated: what stands there is a secret.
      else if (url.username !== "" || url.password !== "") fault(name, "must not hold a user name or password");
      else if (url.hash !== "") fault(name, "must have no fragment");
      else return value;
      return undefined;
    },
    secrets: (name, what) => {
      const secrets = readSecrets(text(name));
      if (secrets === null) fault(name, "holds an empty secret");
      else if (secrets.length === 0) fault(name, `is missing: ${what}`);
      return secrets ?? [];
    },
  };
};

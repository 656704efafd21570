import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adapters } from "../../adapters/index.ts";
import { PLATFORMS } from "../../contracts/adapter.ts";
import { foldersIn, ROOT, textOf } from "./tree.ts";

/** Every folder of adapters/ holds these; `faults.ts` may be missing, which says: maps no faults of its own. */
const FILES = ["adapter.ts", "client.ts", "config.ts", "map.ts"];

/** Names of settings that hold a secret (design section 8). */
const SECRET_NAME = /_(?:PASSWORD|SECRETS?|API_KEY|KEYS?|KEY_\d+|TOKEN|AUTHORIZATION)$/u;

/** They sound secret and are none: the name of a field in the platform's answers. */
const NOT_SECRET = ["NATIONAL_PORTAL_LOOKUP_STATUS_KEY"];

const folders = foldersIn("adapters");
const has = (path: string): boolean => existsSync(join(ROOT, path));

/** Reads a definition's configuration from a machine on which every setting is `value(name)`; returns what it asked. */
const readWith = (definition: (typeof adapters)[number], value: (name: string) => string | undefined) => {
  const asked = new Set<string>();
  const get = (_target: object, name: string | symbol) => {
    asked.add(String(name));
    return value(String(name));
  };
  return { reading: definition.readConfig(new Proxy({}, { get })), asked };
};

test("every folder of adapters/ is in the list of adapters, and the list names nothing else", () => {
  expect(adapters.map(({ platform }) => platform).sort()).toEqual(folders);
  const named = [...textOf("adapters/index.ts").matchAll(/from "\.\/([^/]+)\/adapter\.ts"/gu)].map((match) => match[1]);
  expect(named.sort()).toEqual(folders);
});

test("folders of contracts/platforms and mocks are named after platforms", () => {
  // X-Road is no platform but a way to platforms; payments is what the platforms that take payments have in common.
  const known: string[] = [...PLATFORMS, "x-road", "samples", "demo", "payments"];
  const named = [...foldersIn("contracts/platforms"), ...foldersIn("mocks")];
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

describe.each(folders)("adapters/%s", (platform) => {
  test("has the files that every adapter has", () => {
    expect(FILES.filter((file) => !has(`adapters/${platform}/${file}`))).toEqual([]);
  });

  test("has the platform's own contract with its source", () => {
    const home = `contracts/platforms/${platform}`;
    expect(has(`${home}/SOURCE.md`), `${home}/SOURCE.md`).toBe(true);
    expect(has(`${home}/wire.ts`) || has(`${home}/service.wsdl`), `${home}/wire.ts or service.wsdl`).toBe(true);
  });

  test("has a mock and tests", () => {
    expect(has(`mocks/${platform}`), `mocks/${platform}/`).toBe(true);
    expect(has(`test/adapters/${platform}`), `test/adapters/${platform}/`).toBe(true);
  });
});

describe.each(adapters.map((definition) => [definition.platform, definition] as const))(
  "settings of %s",
  (_, adapter) => {
    const address = (name: string) => (name === adapter.addressSetting ? "https://platform.invalid" : undefined);

    test("carry the platform's name and are not configured without an address, where the platform has one", () => {
      const prefix = `${adapter.platform.toUpperCase().replaceAll("-", "_")}_`;
      const named = [
        ...(adapter.addressSetting === undefined ? [] : [adapter.addressSetting]),
        ...adapter.secretSettings,
      ];
      expect(named.filter((name) => !name.startsWith(prefix))).toEqual([]);
      const { kind } = readWith(adapter, () => undefined).reading;
      expect(kind).toBe(adapter.addressSetting === undefined ? "configured" : "absent");
    });

    test("that sound secret are declared secret, and what is declared secret is read", () => {
      const { asked } = readWith(adapter, address);
      const secret = [...asked].filter((name) => SECRET_NAME.test(name) && !NOT_SECRET.includes(name));
      expect(secret.sort()).toEqual([...adapter.secretSettings].sort());
    });

    test("that are secret are not printed in faults", () => {
      const garbage = (name: string) => `${adapter.secretSettings.includes(name) ? "hush hush" : "not a value"} \u0000`;
      const { reading } = readWith(adapter, garbage);
      expect(reading.kind).toBe("faulty");
      expect(JSON.stringify(reading)).not.toContain("hush");
    });
  },
);

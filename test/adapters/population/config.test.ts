import { expect, test } from "vitest";
import { readConfig } from "../../../adapters/population/config.ts";

const base = { POPULATION_URL: "https://c06.example.vn/x" };
const soap = { ...base, POPULATION_HASH_URL: "/qldc/x", POPULATION_USERNAME: "u", POPULATION_SECRET: "s" };
const faults = (settings: Readonly<Record<string, string>>) => {
  const reading = readConfig(settings);
  return reading.kind === "faulty"
    ? reading.faults.map((fault) => fault.replace("POPULATION_", "").split(" ")[0])
    : reading.kind;
};

test("without an address the registry is absent, whatever else is set", () => {
  expect(readConfig({ POPULATION_SECRET: "s", POPULATION_PROFILE: "nonsense" })).toEqual({ kind: "absent" });
});

test("the defaults are those of the document; the hashed address is taken as it is, also a relative one", () => {
  expect(readConfig(soap)).toEqual({
    kind: "configured",
    config: {
      profile: "c06-soap",
      url: "https://c06.example.vn/x",
      hashUrl: "/qldc/x",
      username: "u",
      secret: "s",
      timestampUnit: "ms",
      integrationCode: "037",
      nameForm: "compact",
      agencyPlace: "before-officer",
    },
  });
});

test("each profile names all that it misses, at once", () => {
  expect(faults(base)).toEqual(["USERNAME", "HASH_URL", "SECRET"]);
  expect(faults({ ...base, POPULATION_PROFILE: "lgsp-accesskey" })).toEqual([
    "ACCESS_KEY",
    "SECRET",
    "APP_NAME",
    "PARTNER_CODE",
  ]);
  expect(faults({ ...base, POPULATION_PROFILE: "lgsp-json" })).toEqual(["USERNAME", "TOKEN"]);
  const fetched = {
    POPULATION_PROFILE: "lgsp-json",
    POPULATION_USERNAME: "u",
    POPULATION_TOKEN_URL: "https://t.vn/token",
  };
  expect(faults({ ...base, ...fetched })).toEqual(["CLIENT_ID", "CLIENT_SECRET"]);
  expect(faults({ ...base, POPULATION_PROFILE: "lgsp-xml-in-json" })).toBe("configured");
});

test.each([
  ["URL", "ftp://c06.example.vn"],
  ["URL", "https://u:p@c06.example.vn"],
  ["PROFILE", "c06-rest"],
  ["TIMESTAMP_UNIT", "minutes"],
  ["NAME_FORM", "lower"],
  ["AGENCY_PLACE", "first"],
  ["INTEGRATION_CODE", "37a"],
  ["INTEGRATION_CODE", "0".repeat(21)],
  ["USERNAME", "a:b"],
  ["API_KEY", "key\nX-Other: 1"],
  ["XROAD_CLIENT", " VN/GOV"],
])("%s %j is refused by name", (name, value) => {
  expect(faults({ ...soap, [`POPULATION_${name}`]: value })).toEqual([name]);
});

import { describe, expect, test } from "vitest";
import { adapters } from "../../../adapters/index.ts";
import { readConfig } from "../../../adapters/national-portal/config.ts";
import { settings } from "./open-portal.ts";

const faultsOf = (changes: Record<string, string | undefined>): readonly string[] => {
  const reading = readConfig({ ...settings, ...changes });
  return reading.kind === "faulty" ? reading.faults : [];
};

describe("the settings of the national portal", () => {
  test("without an address the portal is absent, whatever else is set or wrong", () => {
    expect(readConfig({})).toEqual({ kind: "absent" });
    expect(readConfig({ ...settings, NATIONAL_PORTAL_URL: "", NATIONAL_PORTAL_PROFILE: "x" })).toEqual({
      kind: "absent",
    });
  });

  test("take their defaults from the design", () => {
    const reading = readConfig({
      NATIONAL_PORTAL_URL: "http://ss.test/forward/",
      NATIONAL_PORTAL_USERNAME: "u",
      NATIONAL_PORTAL_PASSWORD: "p",
      NATIONAL_PORTAL_DSTCODE: "",
      AGENCY_CODE: "000.00.00.H04",
    });
    expect(reading).toEqual({
      kind: "configured",
      config: {
        profile: "mapi",
        url: "http://ss.test/forward",
        username: "u",
        password: "p",
        dstcodeIn: "header",
        fileHosts: [],
        integrationPath: "/mapi/g",
        sharePath: "/mapi/g",
        madonvi: "000.00.00.H04",
        stepsPerCall: 1,
        statusMap: {
          submitted: "1",
          accepted: "2",
          "not-accepted": "3",
          processing: "4",
          "supplement-required": "5",
          "payment-required": "6",
          withdrawn: "7",
          stopped: "8",
          finished: "9",
          returned: "10",
        },
      },
    });
  });

  test("a profile that nobody knows is refused by name, whichever address was given", () => {
    const fault = 'NATIONAL_PORTAL_PROFILE knows no "mapy"; use mapi, lgsp-facade, connector-v1';
    expect(faultsOf({ NATIONAL_PORTAL_PROFILE: "mapy" })).toEqual([fault]);
    expect(
      faultsOf({
        NATIONAL_PORTAL_URL: "",
        NATIONAL_PORTAL_CREATE_URL: "http://f.test",
        NATIONAL_PORTAL_PROFILE: "mapy",
      }),
    ).toEqual([fault]);
  });

  test("every fault is listed at once, and no secret is repeated in one", () => {
    const faults = faultsOf({
      NATIONAL_PORTAL_URL: "ftp://ann:hush-hush@host/",
      NATIONAL_PORTAL_PROFILE: "connector-v2",
      NATIONAL_PORTAL_USERNAME: undefined,
      NATIONAL_PORTAL_PASSWORD: "",
      NATIONAL_PORTAL_DSTCODE: "a b",
      NATIONAL_PORTAL_DSTCODE_IN: "body",
      NATIONAL_PORTAL_INTEGRATION_PATH: "mapi",
      NATIONAL_PORTAL_SHARE_PATH: "/mapi?x=1",
      NATIONAL_PORTAL_STATUS_MAP: '{"stopped":9,"done":"9"}',
      AGENCY_CODE: "",
    });
    expect(faults.map((fault) => fault.split(" ")[0]).toSorted()).toEqual([
      "NATIONAL_PORTAL_DSTCODE",
      "NATIONAL_PORTAL_DSTCODE_IN",
      "NATIONAL_PORTAL_INTEGRATION_PATH",
      "NATIONAL_PORTAL_MADONVI",
      "NATIONAL_PORTAL_PASSWORD",
      "NATIONAL_PORTAL_PROFILE",
      "NATIONAL_PORTAL_SHARE_PATH",
      "NATIONAL_PORTAL_STATUS_MAP",
      "NATIONAL_PORTAL_STATUS_MAP",
      "NATIONAL_PORTAL_URL",
      "NATIONAL_PORTAL_USERNAME",
    ]);
    expect(faults.join("\n")).not.toContain("hush-hush");
  });

  test("credentials inside the address are refused without being repeated", () => {
    const faults = faultsOf({ NATIONAL_PORTAL_URL: "http://ann:hush-hush@host/" });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^NATIONAL_PORTAL_URL must not hold/u);
    expect(faults[0]).not.toContain("hush-hush");
  });

  test("one to ten steps go in a call, and nothing else can be asked for", () => {
    for (const [given, stepsPerCall] of [
      ["1", 1],
      ["10", 10],
      ["", 1],
    ] as const) {
      const reading = readConfig({ ...settings, NATIONAL_PORTAL_STEPS_PER_CALL: given });
      expect(reading).toMatchObject({ kind: "configured", config: { stepsPerCall } });
    }
    for (const given of ["0", "11", "-1", "2.5", "1e1", "five", " 3", "0x2", "999999999999"]) {
      expect([given, faultsOf({ NATIONAL_PORTAL_STEPS_PER_CALL: given })]).toEqual([
        given,
        ["NATIONAL_PORTAL_STEPS_PER_CALL must be a whole number from 1 to 10"],
      ]);
    }
  });

  test("the status map is laid over the default, and null takes a mapping away", () => {
    const reading = readConfig({ ...settings, NATIONAL_PORTAL_STATUS_MAP: '{"stopped":"3","withdrawn":null}' });
    expect(reading.kind === "configured" && reading.config.statusMap).toMatchObject({
      stopped: "3",
      withdrawn: null,
      accepted: "2",
      returned: "10",
    });
  });

  test.each(["[]", "null", "4", "{stopped:8}", '"8"'])("%s is no status map", (text) => {
    expect(faultsOf({ NATIONAL_PORTAL_STATUS_MAP: text })).toHaveLength(1);
  });

  test("the list of adapters names the address and the secret of the portal", () => {
    expect(
      adapters.map(({ platform, addressSetting, secretSettings }) => ({ platform, addressSetting, secretSettings })),
    ).toContainEqual({
      platform: "national-portal",
      addressSetting: "NATIONAL_PORTAL_URL",
      secretSettings: [
        "NATIONAL_PORTAL_PASSWORD",
        "NATIONAL_PORTAL_AUTHORIZATION",
        "NATIONAL_PORTAL_CLIENT_SECRET",
        "NATIONAL_PORTAL_PAPERS_PASSWORD",
      ],
    });
  });
});

describe("the settings of the façade", () => {
  const facade = {
    NATIONAL_PORTAL_PROFILE: "lgsp-facade",
    NATIONAL_PORTAL_CREATE_URL: "https://lgsp.test/KetNoi/ThemMoi",
    NATIONAL_PORTAL_PROGRESS_URL: "https://lgsp.test/KetNoi/DongBoTienTrinh",
    NATIONAL_PORTAL_READ_URL: "https://lgsp.test/KetNoi",
    AGENCY_CODE: "H56",
  };

  test("without the address for new dossiers the portal is absent, also when another profile's address is set", () => {
    const absent = { ...facade, NATIONAL_PORTAL_CREATE_URL: "", NATIONAL_PORTAL_URL: "http://ss.test" };
    expect(readConfig(absent)).toEqual({ kind: "absent" });
  });

  test("leave out the address for updates, the one for statuses and the authorization", () => {
    expect(readConfig(facade)).toMatchObject({
      kind: "configured",
      config: {
        profile: "lgsp-facade",
        createUrl: "https://lgsp.test/KetNoi/ThemMoi",
        progressUrl: "https://lgsp.test/KetNoi/DongBoTienTrinh",
        readUrl: "https://lgsp.test/KetNoi",
        madonvi: "H56",
        stepsPerCall: 1,
      },
    });
  });

  test("are refused all at once, and the authorization is not repeated", () => {
    const reading = readConfig({
      ...facade,
      NATIONAL_PORTAL_CREATE_URL: "lgsp.test",
      NATIONAL_PORTAL_UPDATE_URL: "https://ann:hush-hush@lgsp.test/",
      NATIONAL_PORTAL_PROGRESS_URL: "",
      NATIONAL_PORTAL_STATUS_URL: "ftp://lgsp.test",
      NATIONAL_PORTAL_READ_URL: undefined,
      NATIONAL_PORTAL_AUTHORIZATION: "Bearer hush-hush\r\nX: y",
      AGENCY_CODE: "",
    });
    const faults = reading.kind === "faulty" ? reading.faults : [];
    expect(faults.map((fault) => fault.split(" ")[0]).toSorted()).toEqual([
      "NATIONAL_PORTAL_AUTHORIZATION",
      "NATIONAL_PORTAL_CREATE_URL",
      "NATIONAL_PORTAL_MADONVI",
      "NATIONAL_PORTAL_PROGRESS_URL",
      "NATIONAL_PORTAL_READ_URL",
      "NATIONAL_PORTAL_STATUS_URL",
      "NATIONAL_PORTAL_UPDATE_URL",
    ]);
    expect(faults.join("\n")).not.toContain("hush-hush");
  });
});

describe("the settings of the connector", () => {
  const connector = {
    NATIONAL_PORTAL_PROFILE: "connector-v1",
    NATIONAL_PORTAL_URL: "https://igate.test/",
    NATIONAL_PORTAL_CLIENT_ID: "client",
    NATIONAL_PORTAL_CLIENT_SECRET: "hush-hush",
    AGENCY_CODE: "G09.20",
  };

  test("take a path for new dossiers by default and none for numbers", () => {
    const reading = readConfig(connector);
    expect(reading).toMatchObject({
      kind: "configured",
      config: {
        profile: "connector-v1",
        url: "https://igate.test",
        clientId: "client",
        createPath: "/connector/connector/v1/hoso/noihoso",
      },
    });
    expect(reading.kind === "configured" && Object.keys(reading.config)).not.toContain("numberPath");
  });

  test("are refused all at once, and the secret is not repeated", () => {
    const reading = readConfig({
      ...connector,
      NATIONAL_PORTAL_URL: "igate",
      NATIONAL_PORTAL_CLIENT_ID: "",
      NATIONAL_PORTAL_CREATE_PATH: "noihoso",
      NATIONAL_PORTAL_NUMBER_PATH: "/next?code=1",
      NATIONAL_PORTAL_STATUS_MAP: "[]",
    });
    const faults = reading.kind === "faulty" ? reading.faults : [];
    expect(faults.map((fault) => fault.split(" ")[0]).toSorted()).toEqual([
      "NATIONAL_PORTAL_CLIENT_ID",
      "NATIONAL_PORTAL_CREATE_PATH",
      "NATIONAL_PORTAL_NUMBER_PATH",
      "NATIONAL_PORTAL_STATUS_MAP",
      "NATIONAL_PORTAL_URL",
    ]);
    expect(faults.join("\n")).not.toContain("hush-hush");
    expect(readConfig({ ...connector, NATIONAL_PORTAL_CLIENT_SECRET: "" })).toMatchObject({ kind: "faulty" });
  });
});

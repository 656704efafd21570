import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CitizenQuery } from "../../../contracts/registries.ts";
import type { PopulationOptions } from "../../../mocks/population/settings.ts";
import { openScene, type PopulationScene, purpose, QUERY, SPEAKERS } from "./population-scene.ts";

/** The father: an old paper and a spouse. */
const FATHER: CitizenQuery = {
  identity: { kind: "old-id", value: "099000002" },
  fullName: "Nguyễn Văn Cha",
  born: "1975-06-15",
};
/** Of whom only the year of birth is known. */
const GRANDMOTHER: CitizenQuery = {
  identity: { kind: "old-id", value: "099000004" },
  fullName: "Đặng Thị Được",
  born: "1940",
};
/** Whose name is full of what XML is made of. */
const SIGNS: CitizenQuery = {
  identity: { kind: "personal-id", value: "099190000005" },
  fullName: "H' Vĩ & <Dụ> Ê-ban",
  born: "1990-02-29",
};

describe.each(SPEAKERS.map((speaker) => [speaker.profile, speaker] as const))("profile %s", (profile, speaker) => {
  let scene: PopulationScene;
  const restart = async (options: Partial<PopulationOptions>) => {
    await scene.close();
    scene = await openScene(profile, options);
  };
  beforeEach(async () => {
    scene = await openScene(profile);
  });
  afterEach(() => scene.close());

  const asked = () => scene.simulator.registry.asked;
  const citizen = async (query: Partial<CitizenQuery> = {}) => {
    const found = await scene.find(query);
    if (!found.ok || found.value.outcome !== "matched") throw new Error(JSON.stringify(found));
    return found.value.citizen;
  };

  test("a citizen who matches is described with everything that the registry knows", async () => {
    const home = { provinceCode: "99", wardCode: "99999", detail: "Thôn Mẫu, xã Mẫu, tỉnh Mẫu", country: "VN" };
    const oldHome = { ...home, districtCode: "999", detail: "Số 1 < 2 & 3, phố Mẫu" };
    const father = { fullName: "NGUYỄN VĂN CHA", personalId: "099075000002" };
    expect(await citizen()).toEqual({
      personalId: "099205000001",
      fullName: "NGUYỄN VĂN MẪU",
      born: "2005-01-31",
      gender: "1",
      ethnicity: "01",
      religion: "00",
      maritalStatus: "1",
      bloodGroup: "00",
      nationality: "VN",
      birthRegistration: oldHome,
      origin: oldHome,
      permanentResidence: home,
      currentResidence: home,
      father: { ...father, nationality: "VN" },
      mother: { fullName: "TRẦN THỊ MẸ", oldId: "099000003", nationality: "VN" },
      householdHead: { ...father, relation: "CH01" },
    });
  });

  test("the question carries who asks and why, and the name in capitals without accents and spaces", async () => {
    const asks = purpose();
    await scene.find({}, asks);
    expect(asked()).toEqual([
      {
        MaYeuCau: asks.requestId,
        MaDVC: "9.999999",
        MaTichHop: "037",
        ...(speaker.agency && { MaDonVi: "000.00.00.H04" }),
        MaCanBo: "CB-DEMO-01",
        SoDinhDanh: "099205000001",
        SoCMND: "",
        HoVaTen: "NGUYENVANMAU",
        NgayThangNam: "20050131",
        Nam: "",
        ending: "matched",
      },
    ]);
  });

  test("an old number goes out as one, and is found with the spouse", async () => {
    expect(await citizen(FATHER)).toMatchObject({ oldId: "099000002", spouse: { fullName: "TRẦN THỊ MẸ" } });
    expect(asked()[0]).toMatchObject({ SoDinhDanh: "", SoCMND: "099000002" });
  });

  test("a birth of which only the year is known is asked and answered as a year", async () => {
    expect(await citizen(GRANDMOTHER)).toMatchObject({ born: "1940", fullName: "ĐẶNG THỊ ĐƯỢC" });
    expect(asked()[0]).toMatchObject({ NgayThangNam: "", Nam: "1940", HoVaTen: "DANGTHIDUOC" });
  });

  test.each([
    ["another name", { fullName: "Nguyễn Văn Mậu Nữa" }],
    ["another birth date", { born: "2005-02-01" }],
    ["a number that nobody has", { identity: { kind: "personal-id", value: "099205000009" } }],
  ] as const)("%s is not matched, which is an answer and no fault", async (_, change) => {
    expect(await scene.find(change)).toEqual({ ok: true, value: { outcome: "not-matched" } });
  });

  test("a name written with combining accents is the same name", async () => {
    expect(await citizen({ fullName: QUERY.fullName.normalize("NFD") })).toMatchObject({ fullName: "NGUYỄN VĂN MẪU" });
  });

  test.each([
    ["compact", "HVIDUEBAN"],
    ["plain", "H' VI & <DU> E-BAN"],
    ["accented", "H' VĨ & <DỤ> Ê-BAN"],
  ] as const)("a name in the form %s arrives as %s: what XML is made of is data", async (nameForm, sent) => {
    await restart({ nameForm });
    scene.reopen({ POPULATION_NAME_FORM: nameForm });
    expect(await citizen(SIGNS)).toMatchObject({ fullName: "H' Vĩ & <Dụ> Ê-ban" });
    expect(asked()[0]?.HoVaTen).toBe(sent);
  });

  test.each([
    { name: "parts", relatives: "parts", attributes: true, envelope: "wrapped" },
    { name: "whole", relatives: "parts" },
    { name: "parts", relatives: "text", attributes: true },
  ] as const)("an answer in the form %o says the same", async (form) => {
    const plain = await citizen();
    scene.simulator.dial.set({ fault: "form", ...form });
    expect(await citizen()).toEqual(plain);
    expect(await scene.find({ born: "2001-01-01" })).toEqual({ ok: true, value: { outcome: "not-matched" } });
  });

  test("no personal data is in an address", async () => {
    await scene.find();
    for (const { request } of scene.last().attempts) {
      expect(request.method).toBe("POST");
      expect(new URL(request.url).search).toBe("");
    }
  });

  test("what the registry could never take is refused here, and nothing is sent", async () => {
    const queries: Partial<CitizenQuery>[] = [
      { identity: { kind: "personal-id", value: "12345" } },
      { identity: { kind: "old-id", value: "099205000001" } },
      { identity: { kind: "personal-id", value: "09920500000<" } },
      { fullName: " \u0300 " },
      { fullName: "A".repeat(101) },
      { born: "31/01/2005" },
      { born: "" },
    ];
    for (const query of queries) {
      expect(await scene.find(query)).toMatchObject({ fault: { outcome: "refused", code: "invalid_request" } });
      expect(scene.last().attempts).toEqual([]);
    }
    const asks = [
      purpose({ officerCode: "" }),
      purpose({ officerCode: "CB\u0001" }),
      purpose({ agency: "000\n1" }),
      purpose({ officerCode: "C".repeat(21) }),
      purpose({ requestId: "x".repeat(41) }),
    ];
    for (const ask of asks) expect(await scene.find({}, ask)).toMatchObject({ fault: { code: "invalid_request" } });
    expect(asked()).toEqual([]);
  });

  test("one token serves many questions and is fetched anew a minute before its end", async () => {
    const kinds = async () => {
      await scene.find();
      return scene.last().attempts.map(({ kind }) => kind);
    };
    const first = speaker.hasToken ? ["login", "read"] : ["read"];
    expect(await kinds()).toEqual(first);
    scene.clock.advance(3_500_000);
    expect(await kinds()).toEqual(["read"]);
    scene.clock.advance(60_000);
    expect(await kinds()).toEqual(first);
  });

  test("twenty questions at once are all answered, with one token", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => scene.find()));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
    expect(new Set(asked().map(({ MaYeuCau }) => MaYeuCau)).size).toBe(20);
  });
});

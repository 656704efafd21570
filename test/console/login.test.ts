import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { type ConsoleScene, openConsoleScene } from "./console-scene.ts";
import { tokenIn, wordsOf } from "./visitor.ts";

let scene: ConsoleScene;

beforeEach(async () => {
  scene = await openConsoleScene();
});
afterEach(() => scene.close());

/** A page with what differs by chance or by what was typed taken out. */
const shape = (page: string, name: string): string =>
  page.replaceAll(/name="csrf" value="[^"]*"/gu, "").replaceAll(`value="${name}"`, "");

const failures = async (): Promise<number[]> =>
  (await scene.query<{ failures: number }>(sql`select failures from login_failures`)).map((row) => row.failures);

/** As if the failures had happened that long ago. */
const age = (seconds: number) =>
  scene.query(sql`update login_failures set last_at = last_at - make_interval(secs => ${seconds})`);

const failTimes = async (times: number, name = "operator"): Promise<void> => {
  const visitor = scene.visitor();
  for (let n = 0; n < times; n++) expect((await visitor.logIn(name, "wrong")).status).toBe(401);
};

describe("logging in", () => {
  test("the right password opens the console, and the login is audited", async () => {
    const visitor = scene.visitor();
    const answer = await visitor.logIn("operator");
    expect([answer.status, answer.location]).toEqual([303, "/console"]);
    const page = await visitor.get("/console");
    expect(page.status).toBe(200);
    expect(wordsOf(page.text)).toContain("operator Người vận hành");
    expect(await scene.audited()).toEqual([
      { actor_kind: "operator", actor: "operator", action: "console.login", subject: "console" },
    ]);
  });

  test("a wrong password and an unknown name get the same answer", async () => {
    const wrong = await scene.visitor().logIn("operator", "wrong");
    const unknown = await scene.visitor().logIn("nobody-here", "wrong");
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wordsOf(wrong.text)).toContain("Tên đăng nhập hoặc mật khẩu không đúng.");
    expect(shape(unknown.text, "nobody-here")).toBe(shape(wrong.text, "operator"));
    expect(scene.verified).toHaveLength(2);
  });

  test("a failed login is audited without a name that nobody has, which may be a mistyped password", async () => {
    await scene.visitor().logIn("operator", "wrong");
    await scene.visitor().logIn("my-secret-in-the-wrong-field", "x");
    const failed = { actor_kind: "anonymous", action: "console.login-failed", subject: "console" };
    expect(await scene.audited()).toEqual([
      { ...failed, actor: "operator" },
      { ...failed, actor: "unknown" },
    ]);
  });

  test("an empty password is a wrong one", async () => {
    expect((await scene.visitor().logIn("operator", "")).status).toBe(401);
  });

  test("after logging in the form leads on instead of asking again", async () => {
    const visitor = scene.visitor();
    await visitor.logIn("operator");
    const answer = await visitor.get("/console/login?next=%2Fconsole%2Fentries%2F7");
    expect([answer.status, answer.location]).toEqual([303, "/console/entries/7"]);
  });
});

describe("guessing passwords", () => {
  test("the sixth try within half a minute is refused with Retry-After, even with the right password", async () => {
    await failTimes(5);
    const answer = await scene.visitor().logIn("operator");
    expect(answer.status).toBe(429);
    const wait = Number(answer.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(25);
    expect(wait).toBeLessThanOrEqual(32);
    expect(wordsOf(answer.text)).toContain(`Đã sai quá nhiều lần. Hãy thử lại sau ${wait} giây.`);
    expect(scene.verified).toHaveLength(5);
  });

  test("a name that nobody has is blocked in the same way", async () => {
    await failTimes(5, "operator");
    await failTimes(5, "nobody-here");
    const known = await scene.visitor().logIn("operator", "wrong");
    const unknown = await scene.visitor().logIn("nobody-here", "wrong");
    expect([known.status, unknown.status]).toEqual([429, 429]);
    const timeless = (page: string) => page.replace(/sau \d+ giây/u, "");
    expect(timeless(shape(unknown.text, "nobody-here"))).toBe(timeless(shape(known.text, "operator")));
  });

  test("each failure after the block doubles it, up to fifteen minutes", async () => {
    await failTimes(5);
    const waits: number[] = [];
    for (let n = 0; n < 7; n++) {
      waits.push(Number((await scene.visitor().logIn("operator", "wrong")).headers.get("retry-after")));
      await age(1000);
      await failTimes(1);
    }
    const expected = [32, 64, 128, 256, 512, 900, 900];
    expect(waits.map((wait, n) => Math.abs(wait - (expected[n] ?? 0)) <= 5)).toEqual(expected.map(() => true));
  });

  test("tries during a block do not prolong it, and after it the right password logs in and forgets the failures", async () => {
    await failTimes(5);
    await age(20);
    expect((await scene.visitor().logIn("operator", "wrong")).status).toBe(429);
    await age(13);
    expect((await scene.visitor().logIn("operator")).status).toBe(303);
    expect(await failures()).toEqual([]);
    await failTimes(4);
  });

  test("failures of the day before count no more", async () => {
    await failTimes(5);
    await age(25 * 3600);
    await failTimes(1);
    expect(await failures()).toEqual([1]);
  });

  test("of forty guesses sent at the same moment five are looked at", async () => {
    const visitor = scene.visitor();
    const csrf = tokenIn((await visitor.get("/console/login")).text);
    const guesses = Array.from({ length: 40 }, (_, n) =>
      visitor.post("/console/login", { operator: "operator", secret: `guess-${n}`, csrf }),
    );
    const statuses = (await Promise.all(guesses)).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(35);
    expect(scene.verified).toHaveLength(5);
  });

  test("one operator's failures do not block another", async () => {
    await failTimes(5);
    expect((await scene.visitor().logIn("viewer")).status).toBe(303);
  });
});

describe("the login form", () => {
  test("is refused without its token, with another's token, and without its cookie", async () => {
    const visitor = scene.visitor();
    const fields = { operator: "operator", secret: "operator-secret" };
    const other = tokenIn((await scene.visitor().get("/console/login")).text);
    const own = tokenIn((await visitor.get("/console/login")).text);
    expect((await visitor.post("/console/login", fields)).status).toBe(403);
    expect((await visitor.post("/console/login", { ...fields, csrf: other })).status).toBe(403);
    expect((await scene.visitor().post("/console/login", { ...fields, csrf: own })).status).toBe(403);
    expect(scene.verified).toEqual([]);
    expect((await visitor.post("/console/login", { ...fields, csrf: own })).status).toBe(303);
  });

  test("keeps its token when it is opened in a second tab", async () => {
    const visitor = scene.visitor();
    const first = tokenIn((await visitor.get("/console/login")).text);
    expect(tokenIn((await visitor.get("/console/login")).text)).toBe(first);
  });

  test("is refused when it is too large or no form", async () => {
    const visitor = scene.visitor();
    const large = await visitor.post("/console/login", { operator: "x".repeat(65 * 1024) });
    expect(large.status).toBe(413);
    const headers = { "content-type": "application/json" };
    const json = await visitor.send("/console/login", { method: "POST", body: "{}", headers });
    expect(json.status).toBe(415);
    expect(json.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  });

  test("leads back to the page that was asked for, filters included", async () => {
    const visitor = scene.visitor();
    const asked = "/console?state=failed&dossierCode=H04.15-261120-0001";
    const redirect = await visitor.get(asked);
    expect(redirect.status).toBe(303);
    const form = await visitor.get(redirect.location ?? "");
    const next = /name="next" value="([^"]*)"/u.exec(form.text)?.[1]?.replaceAll("&amp;", "&");
    expect(next).toBe(asked);
    expect((await visitor.logIn("operator", undefined, next)).location).toBe(asked);
  });

  test.for([
    "https://evil.example/console",
    "//evil.example/console",
    "/\\evil.example",
    "/v1/ledger",
    "/console/../v1",
  ])("does not lead to %s", async (next) => {
    const visitor = scene.visitor();
    const form = await visitor.get(`/console/login?${new URLSearchParams({ next })}`);
    expect(form.text).toContain(`name="next" value="/console"`);
    expect((await visitor.logIn("operator", undefined, next)).location).toBe("/console");
  });
});

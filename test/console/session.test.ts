import { afterEach, beforeEach, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { type ConsoleScene, openConsoleScene } from "./console-scene.ts";
import { tokenIn, wordsOf } from "./visitor.ts";

let scene: ConsoleScene;

beforeEach(async () => {
  scene = await openConsoleScene();
});
afterEach(() => scene.close());

const loggedIn = async (operator = "operator") => {
  const visitor = scene.visitor();
  expect((await visitor.logIn(operator)).status).toBe(303);
  return visitor;
};

const sessions = () => scene.query<Record<string, unknown>>(sql`select * from operator_sessions`);

test("the session's cookie is for this host and no script, and the database keeps only its digest", async () => {
  const visitor = scene.visitor();
  const answer = await visitor.logIn("operator");
  const line = answer.headers.getSetCookie().find((cookie) => cookie.startsWith("console="));
  expect(line).toMatch(/^console=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/u);
  const [stored, ...others] = await sessions();
  expect(others).toEqual([]);
  expect(JSON.stringify(stored)).not.toContain(visitor.cookies.get("console"));
});

test("behind https the cookies are Secure and bound to the host by their name", async () => {
  const secure = await openConsoleScene({ secureCookies: true });
  try {
    const visitor = secure.visitor();
    const form = await visitor.get("/console/login");
    expect(form.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-console-login=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/u),
    ]);
    const answer = await visitor.logIn("operator");
    expect(answer.headers.getSetCookie()).toContainEqual(
      expect.stringMatching(/^__Host-console=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/u),
    );
    expect((await visitor.get("/console")).status).toBe(200);
  } finally {
    await secure.close();
  }
});

test("a session ends eight hours after the login by the database's clock, however much it is used", async () => {
  const visitor = await loggedIn();
  const [lifetime] = await scene.query<{ hours: number }>(
    sql`select extract(epoch from expires_at - created_at)::float8 / 3600 as hours from operator_sessions`,
  );
  expect(lifetime?.hours).toBe(8);
  expect((await visitor.get("/console")).status).toBe(200);
  await scene.query(sql`update operator_sessions set expires_at = now()`);
  const answer = await visitor.get("/console");
  expect([answer.status, answer.location]).toEqual([303, "/console/login?next=%2Fconsole"]);
});

test("an operator who is removed loses the session, also when the name comes back", async () => {
  const visitor = await loggedIn();
  const before = scene.registered.all;
  scene.registered.all = before.filter(({ id }) => id !== "operator");
  expect((await visitor.get("/console")).status).toBe(303);
  expect(await sessions()).toEqual([]);
  scene.registered.all = before;
  expect((await visitor.get("/console")).status).toBe(303);
});

test("a role that is taken away is gone at once", async () => {
  const visitor = await loggedIn();
  expect(wordsOf((await visitor.get("/console")).text)).toContain("operator Người vận hành");
  scene.registered.all = scene.registered.all.map((operator) => ({ ...operator, role: "viewer" }));
  expect(wordsOf((await visitor.get("/console")).text)).toContain("operator Người xem");
});

test("logging out ends the session and is audited", async () => {
  const visitor = await loggedIn();
  const kept = visitor.cookies.get("console") ?? "";
  const csrf = tokenIn((await visitor.get("/console")).text);
  const answer = await visitor.post("/console/logout", { csrf });
  expect([answer.status, answer.location]).toEqual([303, "/console/login"]);
  expect(visitor.cookies.has("console")).toBe(false);
  visitor.cookies.set("console", kept);
  expect((await visitor.get("/console")).status).toBe(303);
  expect((await scene.audited()).at(-1)).toEqual({
    actor_kind: "operator",
    actor: "operator",
    action: "console.logout",
    subject: "console",
  });
});

test("logging out needs the session's own token", async () => {
  const visitor = await loggedIn();
  const others = tokenIn((await (await loggedIn("viewer")).get("/console")).text);
  for (const csrf of ["", "x", others]) expect((await visitor.post("/console/logout", { csrf })).status).toBe(403);
  expect((await visitor.get("/console")).status).toBe(200);
});

test("a cookie of another shape is no session", async () => {
  const visitor = scene.visitor();
  for (const value of ["x", "%00", "A".repeat(43), "'".repeat(43)]) {
    visitor.cookies.set("console", value);
    expect((await visitor.get("/console")).status).toBe(303);
  }
});

test("logging in again in the same browser ends the session before", async () => {
  const visitor = await loggedIn();
  const kept = visitor.cookies.get("console") ?? "";
  visitor.cookies.delete("console");
  const csrf = tokenIn((await visitor.get("/console/login")).text);
  visitor.cookies.set("console", kept);
  const again = await visitor.post("/console/login", { operator: "viewer", secret: "viewer-secret", csrf });
  expect(again.status).toBe(303);
  expect((await sessions()).map((session) => session["operator"])).toEqual(["viewer"]);
});

test("an operator has ten sessions at most, and those that are over are cleared away", async () => {
  const first = await loggedIn();
  for (let n = 0; n < 10; n++) await loggedIn();
  expect(await sessions()).toHaveLength(10);
  expect((await first.get("/console")).status).toBe(303);
  await scene.query(sql`update operator_sessions set expires_at = now()`);
  await loggedIn("viewer");
  expect((await sessions()).map((session) => session["operator"])).toEqual(["viewer"]);
});

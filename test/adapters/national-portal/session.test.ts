import { describe, expect, test } from "vitest";
import { SESSION_LIFE_MS } from "../../../adapters/national-portal/session.ts";
import { type HttpRequest, TransportError } from "../../../contracts/adapter.ts";
import { answering, handClock, json, type Reply, scripted, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import { done, loggedIn, stepMessage } from "./samples.ts";

const bodyOf = (request: HttpRequest | undefined): Record<string, unknown> => JSON.parse(request?.body ?? "{}");
const isLogin = (request: HttpRequest) => request.url.includes("/mapi/login");
const expired = json({ error_code: "-1", message: "Phiên làm việc đã hết hạn" });

/** A portal that gives out s1, s2, ... and knows only the sessions in `alive` (all when absent). */
const sessions = (alive?: ReadonlySet<string>) => {
  let given = 0;
  return answering((request): Reply => {
    if (isLogin(request)) {
      given += 1;
      return json({ ...loggedIn, session: `s${given}` });
    }
    return alive === undefined || alive.has(String(bodyOf(request)["session"])) ? json(done) : expired;
  });
};

describe("the session", () => {
  test("is fetched once for many waiting calls", async () => {
    const portal = openPortal();
    const { transport, requests } = sessions();
    const outcomes = await Promise.all(
      Array.from({ length: 25 }, () => portal.perform(stepMessage(), scriptedCall(transport))),
    );
    expect(outcomes).toEqual(Array.from({ length: 25 }, () => ({ delivered: true })));
    expect(requests.filter(isLogin)).toHaveLength(1);
    expect(requests).toHaveLength(26);
  });

  test("is used for ten minutes and no longer", async () => {
    const portal = openPortal();
    const { transport, requests } = sessions();
    const clock = handClock();
    const send = () => portal.perform(stepMessage(), scriptedCall(transport, { clock }));
    await send();
    clock.advance(SESSION_LIFE_MS - 1);
    await send();
    expect(requests.filter(isLogin)).toHaveLength(1);
    clock.advance(1);
    await send();
    expect(requests.filter(isLogin)).toHaveLength(2);
    expect(bodyOf(requests.at(-1))["session"]).toBe("s2");
  });

  test("is not trusted after the clock was set back", async () => {
    const portal = openPortal();
    const { transport, requests } = sessions();
    const clock = handClock();
    await portal.perform(stepMessage(), scriptedCall(transport, { clock }));
    clock.advance(-1);
    await portal.perform(stepMessage(), scriptedCall(transport, { clock }));
    expect(requests.filter(isLogin)).toHaveLength(2);
  });

  test("is renewed once when a call says that it died, and that call is repeated", async () => {
    const portal = openPortal();
    const { transport, requests } = sessions(new Set(["s2"]));
    const call = scriptedCall(transport);
    expect(await portal.perform(stepMessage(), call)).toEqual({ delivered: true });
    expect(call.attempts.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["login", "delivered"],
      ["send", "transient"],
      ["login", "delivered"],
      ["send", "delivered"],
    ]);
    const { session: _first, ...first } = bodyOf(requests[1]);
    const { session: _second, ...second } = bodyOf(requests[3]);
    expect(second).toEqual(first);
  });

  test.each([401, 403])("is renewed on HTTP %i", async (status) => {
    const portal = openPortal();
    const { transport } = scripted(json(loggedIn), { status }, json(loggedIn), json(done));
    expect(await portal.perform(stepMessage(), scriptedCall(transport))).toEqual({ delivered: true });
  });

  test("that dies twice is a transient fault, and the next call logs in anew", async () => {
    const portal = openPortal();
    const { transport, requests } = sessions(new Set(["s3"]));
    const outcome = await portal.perform(stepMessage(), scriptedCall(transport));
    expect(outcome).toEqual({
      delivered: false,
      fault: {
        outcome: "transient",
        code: "upstream_unavailable",
        platformCode: "-1",
        message: "The portal refused two sessions in a row: Phiên làm việc đã hết hạn",
      },
    });
    expect(requests).toHaveLength(4);
    expect(await portal.perform(stepMessage(), scriptedCall(transport))).toEqual({ delivered: true });
    expect(requests.map(isLogin)).toEqual([true, false, true, false, true, false]);
  });

  test("a call that finds an old session dead does not throw away the newer one", async () => {
    const portal = openPortal();
    let releaseSlow: (reply: Reply) => void = () => undefined;
    const slow = new Promise<Reply>((resolve) => {
      releaseSlow = resolve;
    });
    let logins = 0;
    let uses = 0;
    const { transport, requests } = answering((request): Reply | Promise<Reply> => {
      if (isLogin(request)) {
        logins += 1;
        return json({ ...loggedIn, session: `s${logins}` });
      }
      if (bodyOf(request)["session"] !== "s1") return json(done);
      uses += 1;
      return uses === 1 ? slow : expired;
    });
    const first = portal.perform(stepMessage(), scriptedCall(transport));
    await expect.poll(() => uses, { interval: 1 }).toBe(1);
    await portal.perform(stepMessage(), scriptedCall(transport));
    expect(logins).toBe(2);
    releaseSlow(expired);
    expect(await first).toEqual({ delivered: true });
    expect(logins).toBe(2);
    expect(bodyOf(requests.at(-1))["session"]).toBe("s2");
  });

  test("a portal that gives the same token again does not lose the new session to an old death", async () => {
    const portal = openPortal();
    const { transport, requests } = scripted(json(loggedIn), expired, json(loggedIn), json(done), json(done));
    await portal.perform(stepMessage(), scriptedCall(transport));
    expect(await portal.perform(stepMessage(), scriptedCall(transport))).toEqual({ delivered: true });
    expect(requests.filter(isLogin)).toHaveLength(2);
  });
});

describe("a failed login", () => {
  test("fails all who waited for it, and the next call tries anew", async () => {
    const portal = openPortal();
    let logins = 0;
    const { transport, requests } = answering((request): Reply => {
      if (!isLogin(request)) return json(done);
      logins += 1;
      return logins === 1 ? new TransportError("connect", false) : json(loggedIn);
    });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => portal.perform(stepMessage(), scriptedCall(transport))),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        delivered: false,
        fault: { outcome: "transient", code: "upstream_unavailable" },
      });
    }
    expect(requests).toHaveLength(1);
    expect(await portal.perform(stepMessage(), scriptedCall(transport))).toEqual({ delivered: true });
  });

  test.each([
    ["a readable code", json({ error_code: 1, message: "Sai tên đăng nhập hoặc mật khẩu" })],
    ["a readable code that names the session", json({ error_code: 1, message: "Không tạo được session" })],
    ["HTTP 401", { status: 401, body: "" }],
    ["HTTP 403", json({ error_code: "1", message: "Khoá" }, 403)],
    ["HTTP 400 with a code", json({ error_code: "1", message: "Sai" }, 400)],
  ])("by refused credentials (%s) is transient and says so", async (_, reply) => {
    const { transport, requests } = scripted(reply);
    const outcome = await openPortal().perform(stepMessage(), scriptedCall(transport));
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "transient", code: "upstream_unavailable" } });
    expect(outcome.delivered ? "" : outcome.fault.message).toContain("refused the credentials");
    expect(outcome.delivered ? {} : outcome.fault).not.toHaveProperty("sessionDied");
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["no session", json({ error_code: "0", message: "ok" })],
    ["an empty session", json({ error_code: "0", session: "" })],
    ["HTML", { body: "<html>" }],
    ["half an answer", { body: '{"error_code":"0","session":"9f0c2d6e-demo-ses' }],
  ])("by an answer with %s is transient and unreadable", async (_, reply) => {
    const { transport } = scripted(reply);
    const call = scriptedCall(transport);
    const outcome = await openPortal().perform(stepMessage(), call);
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "transient", code: "upstream_malformed" } });
    expect(JSON.stringify([outcome, call.attempts[0]?.answerEvidence])).not.toContain("9f0c2d6e");
  });

  test("a login that stops in the middle frees those who waited with a transient fault of their own", async () => {
    const portal = openPortal();
    let stop: (error: Error) => void = () => undefined;
    const stopped = new Promise<Reply>((_, reject) => {
      stop = reject;
    });
    const { transport, requests } = answering((request) => (isLogin(request) ? stopped : json(done)));
    const leader = portal.perform(stepMessage(), scriptedCall(transport)).catch((error: Error) => error.message);
    const waiter = portal.perform(stepMessage(), scriptedCall(transport));
    await expect.poll(() => requests.length, { interval: 1 }).toBe(1);
    stop(new Error("the lease is lost"));
    expect(await leader).toBe("the lease is lost");
    expect(await waiter).toMatchObject({ delivered: false, fault: { outcome: "transient" } });
  });

  test("is read with keys in any case, and a session may be a number", async () => {
    const { transport, requests } = scripted(json({ ERROR_CODE: 0, Session: 12345 }), json(done));
    expect(await openPortal().perform(stepMessage(), scriptedCall(transport))).toEqual({ delivered: true });
    expect(bodyOf(requests[1])["session"]).toBe("12345");
  });
});

describe("what is kept of an attempt", () => {
  test("holds neither session nor password, also where the portal repeats them", async () => {
    const session = 'ab"c/9f0c2d6e';
    const { transport } = scripted(
      json({ ...loggedIn, session }),
      json({ error_code: "3", message: `Lỗi với phiên bản ${session} của mật-khẩu` }),
    );
    const call = scriptedCall(transport);
    const outcome = await openPortal().perform(stepMessage(), call);
    const kept = JSON.stringify([
      outcome,
      call.attempts.map(({ evidence, answerEvidence, fault }) => [evidence, answerEvidence, fault]),
    ]);
    expect(kept).not.toContain("9f0c2d6e");
    expect(kept).not.toContain("mật-khẩu/bí mật");
    expect(JSON.parse(call.attempts[0]?.evidence ?? "")).toEqual({ username: "000.00.00.H99", password: "***" });
    expect(JSON.parse(call.attempts[0]?.answerEvidence ?? "")).toEqual({ ...loggedIn, session: "***" });
    expect(JSON.parse(call.attempts[1]?.evidence ?? "")).toMatchObject({ session: "***", madonvi: "H99" });
  });

  test("hides a password that a refused login repeats", async () => {
    const { transport } = scripted(json({ error_code: "1", message: "Sai mật khẩu mật-khẩu/bí mật" }));
    const call = scriptedCall(transport);
    const outcome = await openPortal().perform(stepMessage(), call);
    expect(JSON.stringify([outcome, call.attempts[0]?.answerEvidence])).not.toContain("bí mật");
  });

  test("is otherwise the body that was sent", async () => {
    const { transport, requests } = scripted(json(loggedIn), json(done));
    const call = scriptedCall(transport);
    await openPortal().perform(stepMessage(), call);
    const { session: sent, ...body } = bodyOf(requests[1]);
    const { session: kept, ...evidence } = JSON.parse(call.attempts[1]?.evidence ?? "{}");
    expect([sent, kept]).toEqual([loggedIn.session, "***"]);
    expect(evidence).toEqual(body);
    expect(call.attempts[1]?.answerEvidence).toBe(JSON.stringify(done));
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ERRORS } from "../../../contracts/errors.ts";
import type { FaultRule } from "../../../mocks/population/dial.ts";
import { openScene, type PopulationScene, purpose, QUERY, SPEAKERS } from "./population-scene.ts";

describe.each(SPEAKERS.map((speaker) => [speaker.profile, speaker] as const))("profile %s", (profile, speaker) => {
  let scene: PopulationScene;
  beforeEach(async () => {
    scene = await openScene(profile);
  });
  afterEach(() => scene.close());

  const asked = () => scene.simulator.registry.asked;

  const faults: [FaultRule, string, "refused" | "transient"][] = [
    [{ fault: "html" }, "upstream_malformed", "transient"],
    [{ fault: "empty" }, "upstream_malformed", "transient"],
    [{ fault: "truncated" }, "upstream_malformed", "transient"],
    [{ fault: "oversized" }, "upstream_malformed", "transient"],
    [{ fault: "doctype" }, "upstream_malformed", "transient"],
    [{ fault: "entity-bomb" }, "upstream_malformed", "transient"],
    [{ fault: "wrong-charset" }, "upstream_malformed", "transient"],
    [{ fault: "wrong-charset", declared: true }, "upstream_malformed", "transient"],
    [{ fault: "close" }, "upstream_unavailable", "transient"],
    [{ fault: "http-status", status: 404 }, "upstream_malformed", "transient"],
    [{ fault: "http-status", status: 302 }, "upstream_malformed", "transient"],
    [{ fault: "http-status", status: 408 }, "upstream_timeout", "transient"],
    [{ fault: "http-status", status: 504 }, "upstream_timeout", "transient"],
    [{ fault: "http-status", status: 500 }, "upstream_unavailable", "transient"],
    [{ fault: "html", status: 502 }, "upstream_unavailable", "transient"],
    [{ fault: "http-status", status: 403 }, "upstream_rejected", "refused"],
    [{ fault: "xroad", code: "Server.ServerProxy.AccessDenied" }, "upstream_rejected", "refused"],
    [{ fault: "xroad", code: "server.serverproxy.access_denied" }, "upstream_rejected", "refused"],
    [{ fault: "xroad", code: "Client.MissingHeaderField" }, "upstream_rejected", "refused"],
    [{ fault: "xroad", code: "Server.ClientProxy.NetworkError" }, "upstream_unavailable", "transient"],
    [{ fault: "xroad", code: "server.clientproxy.network_error" }, "upstream_unavailable", "transient"],
    [{ fault: "xroad", code: "Server.ClientProxy.OutdatedGlobalConf" }, "upstream_unavailable", "transient"],
    [{ fault: "soap-fault", code: "soapenv:Client", text: "MaTichHop sai" }, "upstream_rejected", "refused"],
  ];
  test.each(faults)("%o is told as %s (%s)", async (rule, code, outcome) => {
    scene.simulator.dial.set(rule);
    expect(await scene.find()).toMatchObject({ ok: false, fault: { outcome, code } });
    scene.simulator.dial.clear();
    expect(await scene.find()).toMatchObject({ ok: true, value: { outcome: "matched" } });
  });

  test("a busy registry says how long to wait", async () => {
    scene.simulator.dial.set({ fault: "http-status", status: 429, retryAfterSeconds: 17 });
    expect(await scene.find()).toMatchObject({ fault: { code: "upstream_unavailable", retryAfterSeconds: 17 } });
  });

  test("a registry that is away is told as away", async () => {
    await scene.refuse(true);
    expect(await scene.find()).toMatchObject({ fault: { outcome: "transient", code: "upstream_unavailable" } });
    await scene.refuse(false);
  });

  test("a registry that does not answer in time is told as a time-out", async () => {
    const slow = await openScene(profile, { wait: () => new Promise(() => {}) });
    await slow.find();
    slow.simulator.dial.set({ fault: "latency", ms: 60_000 });
    slow.deadline(80);
    expect(await slow.find()).toMatchObject({ fault: { outcome: "transient", code: "upstream_timeout" } });
    await slow.close();
  });

  test("a request id that was used before is refused by the registry, a new one is not", async () => {
    const asks = purpose();
    await scene.find({}, asks);
    expect(await scene.find({}, asks)).toMatchObject({ fault: { code: "upstream_rejected" } });
    expect(await scene.find()).toMatchObject({ ok: true });
  });

  test("wrong credentials are a refusal that may not be repeated and names what to check", async () => {
    if (speaker.wrong === null) return expect(profile).toBe("lgsp-xml-in-json");
    scene.reopen(speaker.wrong);
    const found = await scene.find();
    expect(found).toMatchObject({ fault: { outcome: "refused", code: "upstream_rejected", platformCode: "401" } });
    expect(found.ok ? "" : `${ERRORS[found.fault.code].retry} ${found.fault.message}`).toMatch(/^never .*credentials/u);
    expect(asked()).toEqual([]);
    expect(JSON.stringify(found)).not.toContain("khong-phai");
  });

  test("a clock that is off is a refusal where the moment is signed, and the clock is named", async () => {
    scene.simulator.dial.set({ fault: "clock-skew", ms: -10 * 60_000 });
    const found = await scene.find();
    if (profile !== "c06-soap") return expect(found).toMatchObject({ ok: true });
    expect(found).toMatchObject({ fault: { outcome: "refused", code: "upstream_rejected" } });
    expect(found.ok ? "" : found.fault.message).toContain("clock");
  });

  test("nothing that is kept of a call, and no fault, holds a person or a secret", async () => {
    const secrets = Object.entries(scene.settings).filter(([name]) => /SECRET|KEY$/u.test(name));
    const text = `Không tìm thấy ${QUERY.fullName} (NGUYENVANMAU, 099205000001)`;
    const kept: unknown[] = [];
    for (const rule of [{ fault: "form" }, { fault: "soap-fault", code: "Client", text }] as const) {
      scene.simulator.dial.set(rule);
      kept.push({ ...(await scene.find()), value: undefined });
      kept.push(scene.last().attempts.map(({ evidence, answerEvidence, fault }) => [evidence, answerEvidence, fault]));
    }
    const told = JSON.stringify(kept);
    expect(told).toContain("MaYeuCau=H04-");
    for (const word of ["Mẫu", "MẪU", "NGUYENVANMAU", "099205000001", "2005", "Thôn", "Lê Văn"]) {
      expect(told).not.toContain(word);
    }
    for (const [, secret] of secrets) expect(told).not.toContain(secret);
  });

  test("a token that dies is renewed once, and the question goes out with another request id", async () => {
    await scene.find();
    scene.simulator.dial.set({ fault: "token-expired", times: 1 });
    expect(await scene.find()).toMatchObject({ ok: true });
    const kinds = scene.last().attempts.map(({ kind }) => kind);
    expect(kinds).toEqual(speaker.hasToken ? ["read", "login", "read"] : ["read"]);
    const ids = scene.last().attempts.flatMap(({ kind, evidence }) => (kind === "read" ? [evidence] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

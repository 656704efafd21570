import { describe, expect, test } from "vitest";
import { cacheKey } from "../../../adapters/national-portal/catalogue.ts";
import { type Message, type Outcome, TransportError } from "../../../contracts/adapter.ts";
import { json, type Reply, type ScriptedCall, scripted, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import { absent, done, dossier, duplicate, found, loggedIn, putMessage } from "./samples.ts";

const refused = { error_code: "3", message: "Thiếu mã lĩnh vực" };

/** Performs one put after a login, with the procedure already known, and lists what was sent after the login. */
const perform = async (message: Message, ...replies: Reply[]) => {
  const { transport, requests } = scripted(json(loggedIn), ...replies);
  const call: ScriptedCall = scriptedCall(transport);
  await call.cache.put(cacheKey(dossier.procedureCode), {
    name: "Cấp bản sao",
    fieldCode: "G15",
    fieldName: "Hộ tịch",
  });
  const outcome: Outcome = await openPortal().perform(message, call);
  const sent = requests.slice(1).map((request) => {
    const body = JSON.parse(request.body ?? "{}");
    return body.service === "DongBoHoSoMC" ? `put ${body.isUpdating}` : `${body.service} ${body.mahoso}`;
  });
  return { outcome, sent, call };
};

const lookup = "TraCuuHoSo H99.12-261120-0007";
const delivered = { delivered: true };
const failedAs = (fault: object) => ({ delivered: false, fault: expect.objectContaining(fault) });

describe("a dossier not known to the portal", () => {
  test("is created", async () => {
    const { outcome, sent } = await perform(putMessage(), json(done));
    expect(outcome).toEqual(delivered);
    expect(sent).toEqual(["put False"]);
  });

  test.each(["0", 0, "3", "-3"])("that is there already (code %j) goes out again as an update", async (error_code) => {
    const { outcome, sent, call } = await perform(putMessage(), json({ ...duplicate, error_code }), json(done));
    expect(outcome).toEqual(delivered);
    expect(sent).toEqual(["put False", "put True"]);
    expect(call.attempts.map((attempt) => attempt.outcome)).toEqual(["delivered", "refused", "delivered"]);
  });

  test("that is refused stays refused, without a look-up", async () => {
    const { outcome, sent } = await perform(putMessage(), json(refused));
    expect(outcome).toEqual({
      delivered: false,
      fault: { outcome: "refused", code: "upstream_rejected", platformCode: "3", message: "Thiếu mã lĩnh vực" },
    });
    expect(sent).toEqual(["put False"]);
  });

  test.each([
    ["a reset", new TransportError("reset", true), "upstream_unavailable"],
    ["a timeout", new TransportError("timeout", true), "upstream_timeout"],
    ["HTTP 500", json(refused, 500), "upstream_unavailable"],
    ["HTML", { body: "<html>" }, "upstream_malformed"],
    ["an empty answer", { body: "" }, "upstream_malformed"],
  ] as const)("that ends in %s has an unknown outcome and is not sent again at once", async (_, reply, fault) => {
    const { outcome, sent } = await perform(putMessage(), reply);
    expect(outcome).toEqual(failedAs({ outcome: "unknown", code: fault }));
    expect(sent).toEqual(["put False"]);
  });

  test("that was never written is only transient", async () => {
    const { outcome } = await perform(putMessage(), new TransportError("connect", false));
    expect(outcome).toEqual(failedAs({ outcome: "transient", code: "upstream_unavailable" }));
  });
});

describe("a create whose outcome is unknown", () => {
  const doubtful = putMessage({ unknownOutcome: true });

  test("is probed, and found means update", async () => {
    const { outcome, sent, call } = await perform(doubtful, json(found), json(done));
    expect(outcome).toEqual(delivered);
    expect(sent).toEqual([lookup, "put True"]);
    expect(call.attempts.map(({ kind }) => kind)).toEqual(["login", "probe", "send"]);
  });

  test("is probed, and absent means create", async () => {
    const { outcome, sent } = await perform(doubtful, json(absent), json(done));
    expect(outcome).toEqual(delivered);
    expect(sent).toEqual([lookup, "put False"]);
  });

  test.each([
    ["null", { error_code: "0", result: null }, "put False"],
    ["missing", { error_code: "0", message: "" }, "put False"],
    ["one object in capitals", { ERROR_CODE: 0, RESULT: { MAHOSO: "x" } }, "put True"],
  ])("is probed, and a result that is %s decides", async (_, answer, next) => {
    const { sent } = await perform(doubtful, json(answer), json(done));
    expect(sent).toEqual([lookup, next]);
  });

  test.each([
    ["cannot connect", new TransportError("connect", false), "upstream_unavailable"],
    ["times out", new TransportError("timeout", true), "upstream_timeout"],
    ["answers HTML", { body: "<html>" }, "upstream_malformed"],
    ["answers a text as result", json({ error_code: "0", result: "x" }), "upstream_malformed"],
    ["is refused", json(refused), "upstream_unavailable"],
    ["meets a busy portal", { status: 503, headers: { "retry-after": "30" } }, "upstream_unavailable"],
  ] as const)("sends nothing when the probe %s", async (_, reply, fault) => {
    const { outcome, sent } = await perform(doubtful, reply);
    expect(outcome).toEqual(failedAs({ outcome: "transient", code: fault }));
    expect(sent).toEqual([lookup]);
  });

  test("hands on how long a busy portal asks to wait", async () => {
    const { outcome } = await perform(doubtful, { status: 503, headers: { "retry-after": "30" } });
    expect(outcome).toEqual(failedAs({ retryAfterSeconds: 30 }));
  });
});

describe("a dossier known to the portal", () => {
  const known = putMessage({ known: true });

  test("is updated, without a probe even when the last outcome is unknown", async () => {
    for (const unknownOutcome of [false, true]) {
      const { outcome, sent } = await perform(putMessage({ known: true, unknownOutcome }), json(done));
      expect(outcome).toEqual(delivered);
      expect(sent).toEqual(["put True"]);
    }
  });

  test("is updated with success also when the answer says that it is there already", async () => {
    const { outcome, sent } = await perform(known, json({ error_code: "0", message: "Hồ sơ đã tồn tại" }));
    expect(outcome).toEqual(delivered);
    expect(sent).toEqual(["put True"]);
  });

  test("that refuses the update is looked up, and the refusal stands when it is there", async () => {
    const { outcome, sent } = await perform(known, json(refused), json(found));
    expect(outcome).toEqual(failedAs({ outcome: "refused", platformCode: "3", message: "Thiếu mã lĩnh vực" }));
    expect(sent).toEqual(["put True", lookup]);
  });

  test("that refuses the update and is absent is created", async () => {
    const { outcome, sent } = await perform(known, json(refused), json(absent), json(done));
    expect(outcome).toEqual(delivered);
    expect(sent).toEqual(["put True", lookup, "put False"]);
  });

  test("waits when the look-up after a refused update fails", async () => {
    const { outcome, sent } = await perform(known, json(refused), new TransportError("timeout", true));
    expect(outcome).toEqual(failedAs({ outcome: "transient", code: "upstream_timeout" }));
    expect(sent).toEqual(["put True", lookup]);
  });
});

describe("a look-up that is refused as well", () => {
  test("leaves the update's refusal standing: its cause is the one to mend", async () => {
    const { outcome, sent } = await perform(
      putMessage({ known: true }),
      json(refused),
      json({ error_code: "-1", message: "Không được tra cứu" }),
    );
    expect(outcome).toEqual(failedAs({ outcome: "refused", platformCode: "3" }));
    expect(sent).toEqual(["put True", lookup]);
  });

  test("and one whose result is an empty text says that the dossier is absent", async () => {
    const { sent } = await perform(
      putMessage({ known: true }),
      json(refused),
      json({ error_code: "0", message: "", result: "" }),
      json(refused),
    );
    expect(sent).toEqual(["put True", lookup, "put False"]);
  });
});

describe("a portal that contradicts itself", () => {
  test("is not asked for ever: update, create, update, and then the refusal stands", async () => {
    const { outcome, sent } = await perform(
      putMessage({ known: true }),
      json(refused),
      json(absent),
      json(duplicate),
      json(refused),
    );
    expect(outcome).toEqual(failedAs({ outcome: "refused", platformCode: "3" }));
    expect(sent).toEqual(["put True", lookup, "put False", "put True"]);
  });

  test("is not asked for ever: create, update, create, and then the refusal stands", async () => {
    const { outcome, sent } = await perform(
      putMessage(),
      json(duplicate),
      json(refused),
      json(absent),
      json(duplicate),
    );
    expect(outcome).toEqual(failedAs({ outcome: "refused", platformCode: "-3" }));
    expect(sent).toEqual(["put False", "put True", lookup, "put False"]);
  });
});

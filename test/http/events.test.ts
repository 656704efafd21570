import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierDetail, EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, faultsOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
let number = 0;

beforeAll(async () => {
  scene = await openApiScene();
});
afterAll(() => scene.close());

const newDossier = async (parts: Record<string, unknown> = {}): Promise<string> => {
  const path = `/v1/dossiers/${codeOf(++number)}`;
  await scene.call("PUT", path, dossierBody(parts));
  return path;
};
const post = (path: string, eventId: string, parts: Record<string, unknown> = {}) =>
  scene.call<EventAccepted>("POST", `${path}/events`, eventBody(eventId, parts));
const read = async (path: string) => (await scene.call<DossierDetail>("GET", path)).body;

test("a step is committed with its exchange, delivered, and stands in the timeline as it was sent", async () => {
  const path = await newDossier();
  const event = eventBody("e1", {
    kind: "transfer",
    startedAt: "2026-11-20T14:10:00+07:00",
    dueAt: "2026-11-25T17:00:00+07:00",
    slip: { form: "06", number: "12/PC", issuedAt: "2026-11-20T07:10:00Z", url: "https://files.example.vn/slip" },
    toUnit: { code: "H04.15", name: "Phòng Quản lý" },
  });
  const { status, body } = await scene.call<EventAccepted>("POST", `${path}/events`, event);
  expect(status).toBe(202);
  expect(body).toEqual({
    dossierCode: codeOf(number),
    eventId: "e1",
    exchanges: [{ id: expect.any(String), platform: "national-portal", operation: "dossier.step", state: "queued" }],
    warnings: [],
  });
  await scene.drained();
  const { timeline, status: now } = await read(path);
  expect(timeline).toEqual([{ ...event, acceptedAt: expect.any(String), exchangeId: body.exchanges[0]?.id }]);
  expect(now).toBe("processing");
  expect(scene.portal.state.dossiers.get(codeOf(number))?.steps).toHaveLength(1);
});

test("the same eventId with the same content gives the first answer and sends nothing again", async () => {
  const path = await newDossier();
  const first = await post(path, "e1");
  await scene.drained();
  const again = await scene.storesNothing(() => post(path, "e1"));
  const reordered = Object.fromEntries(Object.entries(eventBody("e1")).toReversed());
  const turned = await scene.call("POST", `${path}/events`, reordered);
  expect([again.status, again.text, turned.text]).toEqual([202, first.text, first.text]);
  expect((await read(path)).timeline).toHaveLength(1);
});

test("the same eventId with other content is a conflict, also long after", async () => {
  const path = await newDossier();
  await post(path, "e1");
  await post(path, "e2");
  await scene.drained();
  for (const parts of [{ content: "khác" }, { status: "accepted" }, { unit: undefined }]) {
    const other = await scene.storesNothing(() => scene.call("POST", `${path}/events`, eventBody("e1", parts)));
    expect([other.status, other.body.code]).toEqual([409, "conflict"]);
  }
});

test("event ids belong to their dossier", async () => {
  const [first, second] = [await newDossier(), await newDossier()];
  expect((await post(first, "same", { content: "một" })).status).toBe(202);
  expect((await post(second, "same", { content: "hai" })).status).toBe(202);
});

test("a step of an unknown dossier is not found and nothing is stored", async () => {
  const answer = await scene.storesNothing(() =>
    scene.call("POST", `/v1/dossiers/${codeOf(9999)}/events`, eventBody("e1")),
  );
  expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
});

test("steps go in the order accepted, not by the time they name, and the last accepted status stands", async () => {
  const path = await newDossier();
  const times = ["2026-11-22T08:00:00+07:00", "2026-11-20T08:00:00+07:00", "2026-11-21T08:00:00+07:00"];
  for (const [i, occurredAt] of times.entries()) await post(path, `e${i}`, { occurredAt });
  await post(path, "last", { status: "supplement-required" });
  await scene.drained();
  const sent = scene.portal.state.dossiers.get(codeOf(number))?.steps.map(({ step }) => step.NoiDungXuLy);
  expect(sent).toEqual(["e0", "e1", "e2", "last"].map((id) => `Thẩm định hồ sơ ${id}`));
  const dossier = await read(path);
  expect(dossier.timeline.map(({ eventId }) => eventId)).toEqual(["e0", "e1", "e2", "last"]);
  expect(dossier.status).toBe("supplement-required");
  expect(dossier.dossier.status).toBe("accepted");
});

test("a put after a step sets the status again", async () => {
  const path = await newDossier();
  await post(path, "e1");
  await scene.call("PUT", path, dossierBody({ status: "finished" }));
  expect((await read(path)).status).toBe("finished");
});

test("every kind of step is taken with what it needs", async () => {
  const path = await newDossier();
  const kinds: Record<string, Record<string, unknown>> = {
    step: {},
    transfer: {},
    extension: { reason: "chờ ý kiến", newDueAt: "2026-12-05T17:00:00+07:00" },
    "supplement-request": {},
    "supplement-received": {},
    "fee-request": {},
    refusal: { reason: "thiếu thành phần" },
    stop: { reason: "người nộp rút" },
    withdrawal: {},
    correction: { reason: "nhập nhầm" },
  };
  for (const [kind, parts] of Object.entries(kinds)) {
    expect([kind, (await post(path, kind, { kind, ...parts })).status]).toEqual([kind, 202]);
  }
  await scene.drained();
});

test("a status that does not usually follow warns, but not in a correction", async () => {
  const path = await newDossier({ status: "finished" });
  const correction = await post(path, "e1", { status: "processing", kind: "correction", reason: "nhập nhầm" });
  expect(correction.body.warnings).toEqual([]);
  const path2 = await newDossier({ status: "finished" });
  const usual = await post(path2, "e1", { status: "processing" });
  expect(usual.body.warnings).toEqual([{ code: "unusual_transition", field: "status", message: expect.any(String) }]);
});

test("an officer's name longer than the portal takes is refused by our field name", async () => {
  const path = await newDossier();
  const long = eventBody("e1", { officer: { name: "L".repeat(51) } });
  const refused = await scene.storesNothing(() => scene.call("POST", `${path}/events`, long));
  expect([refused.status, faultsOf(refused.body)]).toEqual([400, ["officer.name profile_limit"]]);
});

test("of the same step sent many times at once one is recorded", async () => {
  const path = await newDossier();
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(path, "e1")));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const ledger = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${codeOf(number)}`);
  expect(ledger.body.items.filter(({ operation }) => operation === "dossier.step")).toHaveLength(1);
});

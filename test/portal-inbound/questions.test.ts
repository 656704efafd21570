import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { AskedQuestionView } from "../../contracts/services/questions.ts";
import { type FetchScene, openFetchScene } from "./fetch-scene.ts";

let scene: FetchScene;
beforeAll(async () => {
  scene = await openFetchScene();
});
beforeEach(() => {
  scene.simulator.dial.clear();
  scene.simulator.clear();
});
afterAll(() => scene?.close());

const asked = (HOIDAPID: string, parts: Readonly<Record<string, string>> = {}) => ({
  HOIDAPID,
  NOIDUNG: "Thủ tục mất bao lâu?",
  MALINHVUC: "G02-LT01",
  MATTHCDP: "2.000648",
  MADONVI: "000.00.15.H04",
  HOVATEN: "Trần Thị Ví Dụ",
  THUDIENTU: "vidu@example.vn",
  ...parts,
});

const page = (query = "", client = "province") =>
  scene.call<{ items: AskedQuestionView[]; next: string | null }>("GET", `/v1/questions${query}`, undefined, {
    client,
  });
const questions = async (query = "", client = "province") => (await page(query, client)).body.items;
const stateOf = async (id: string) => (await questions("?limit=200")).find((one) => one.id === id)?.state;

test("a question is recorded, told and listed to whom it is for, once", async () => {
  scene.simulator.addQuestion(asked("CH-1"));
  expect(await scene.fetchNow()).toMatchObject({ listed: 1, received: 1, parked: 0 });
  expect(await scene.fetchNow()).toMatchObject({ listed: 1, received: 0 });
  const [event, ...others] = await scene.eventsOf("question:CH-1", "industry");
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: "question.received",
    agency: "H04.15",
    data: { questionId: "CH-1", amended: false, state: "open", question: { content: "Thủ tục mất bao lâu?" } },
  });
  expect(await scene.entries("operation=question.received")).toMatchObject([
    { state: "delivered", subject: "question:CH-1" },
  ]);
  expect(await questions("", "industry")).toMatchObject([
    { id: "CH-1", state: "open", fieldCode: "G02-LT01", procedureCode: "2.000648", asker: { name: "Trần Thị Ví Dụ" } },
  ]);
  expect(await questions("", "health")).toEqual([]);
});

test("a question that the portal marks to be skipped is left out, and one for nobody of ours goes to the province", async () => {
  scene.simulator.addQuestion(asked("CH-2", { TRANGTHAI: "0" }));
  scene.simulator.addQuestion(asked("CH-3", { MADONVI: "G09" }));
  expect(await scene.fetchNow()).toMatchObject({ received: 1 });
  expect(await stateOf("CH-2")).toBeUndefined();
  expect((await scene.eventsOf("question:CH-3", "province"))[0]?.agency).toBe("H04");
  expect(await scene.eventsOf("question:CH-3", "industry")).toEqual([]);
});

test("a question that was changed is told again as amended", async () => {
  scene.simulator.addQuestion(asked("CH-4"));
  await scene.fetchNow();
  scene.simulator.addQuestion(asked("CH-4", { NOIDUNG: "Phí bao nhiêu?" }));
  expect(await scene.fetchNow()).toMatchObject({ received: 1 });
  const events = await scene.eventsOf("question:CH-4");
  expect(events.map(({ data }) => data?.["amended"])).toEqual([false, true]);
  expect((await questions("?limit=200")).find(({ id }) => id === "CH-4")?.content).toBe("Phí bao nhiêu?");
});

test("a question is answered by its agency alone, and closed when the portal shows the answer", async () => {
  scene.simulator.addQuestion(asked("CH-5"));
  await scene.fetchNow();
  const answer = {
    agencyCode: "H04.15",
    officer: { name: "Lê Văn Mẫu" },
    answeredAt: "2026-11-21T08:00:00+07:00",
    content: "Mười lăm ngày.",
  };
  const send = (client: string) => scene.call("POST", "/v1/questions/CH-5/answer", answer, { client });
  expect((await send("health")).status).toBe(404);
  expect((await send("industry")).status).toBe(202);
  expect(await stateOf("CH-5")).toBe("answering");
  await scene.drained();
  await scene.fetchNow();
  expect(await stateOf("CH-5")).toBe("answered");
  // Our own answer is no news.
  expect(await scene.eventsOf("question:CH-5")).toHaveLength(1);
  expect((await questions("?state=answered")).map(({ id }) => id)).toContain("CH-5");
  expect((await questions("?state=open,answering&limit=200")).map(({ id }) => id)).not.toContain("CH-5");
});

test("a question that was answered elsewhere is closed and told; one answered before we saw it is only listed", async () => {
  scene.simulator.addQuestion(asked("CH-6"));
  scene.simulator.addQuestion(asked("CH-7", { TRALOIID: "TL-7", NOIDUNGTRALOI: "Rồi." }));
  await scene.fetchNow();
  scene.simulator.addQuestion(asked("CH-6", { TRALOIID: "TL-6", NOIDUNGTRALOI: "Đã trả lời." }));
  await scene.fetchNow();
  const events = await scene.eventsOf("question:CH-6");
  expect(events.map(({ data }) => data?.["state"])).toEqual(["open", "answered"]);
  expect([await stateOf("CH-6"), await stateOf("CH-7")]).toEqual(["answered", "answered"]);
  expect(await scene.eventsOf("question:CH-7")).toEqual([]);
});

test("a row without a number is parked, and the others are taken", async () => {
  scene.simulator.addQuestion(asked("   "));
  scene.simulator.addQuestion(asked("CH-8"));
  expect(await scene.fetchNow()).toMatchObject({ listed: 2, received: 1, parked: 1 });
  expect(await scene.entries("state=failed&operation=question.received")).toMatchObject([
    { error: { code: "invalid_request" } },
  ]);
});

test("questions are filtered and paged", async () => {
  for (const n of [1, 2, 3]) scene.simulator.addQuestion(asked(`TR-${n}`, { MALINHVUC: "G99-TRANG" }));
  await scene.fetchNow();
  const first = (await page("?fieldCode=G99-TRANG&limit=2")).body;
  const second = (await page(`?fieldCode=G99-TRANG&limit=2&cursor=${first.next}`)).body;
  expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(["TR-1", "TR-2", "TR-3"]);
  expect([first.items.length, second.next]).toEqual([2, null]);
  expect(await questions("?receivedTo=2020-01-01")).toEqual([]);
  await scene.refuses("GET", "/v1/questions?cursor=x", undefined, ["cursor invalid_cursor"]);
});

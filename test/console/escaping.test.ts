import { afterAll, beforeAll, expect, test } from "vitest";
import { attemptRecord, type ConsoleScene, openConsoleScene, refusal } from "./console-scene.ts";

let scene: ConsoleScene;
let reader: ReturnType<ConsoleScene["visitor"]>;

beforeAll(async () => {
  scene = await openConsoleScene();
  reader = scene.visitor();
  await reader.logIn("operator");
});
afterAll(() => scene.close());

/** Markup that says which field it came through. */
const hostile = (field: string): string => `"'><img src=x-${field} onerror=alert(1)>&amp;`;

/** No field's markup stands in the page as markup; the given ones stand there as text. */
const expectEscaped = (page: string, fields: readonly string[]): void => {
  expect(page).not.toMatch(/<img src=x/u);
  for (const field of fields) expect(page).toContain(`&lt;img src=x-${field} onerror=alert(1)&gt;&amp;amp;`);
};

test("nothing that software or a platform says becomes markup", async () => {
  const id = await scene.settle(
    {
      dossierCode: hostile("dossier"),
      subject: hostile("subject"),
      client: hostile("client"),
      correlationId: hostile("correlation"),
    },
    refusal(hostile("message"), hostile("platform-code")),
    [attemptRecord({ request: hostile("request"), response: JSON.stringify({ error_code: hostile("response") }) })],
  );
  const entry = await reader.get(`/console/entries/${id}`);
  expect(entry.status).toBe(200);
  expectEscaped(entry.text, ["dossier", "subject", "client", "correlation", "message", "platform-code", "response"]);
  // A body that looks like broken JSON (it begins with a quotation mark) is hidden whole.
  expect(entry.text).not.toContain("x-request");
  expectEscaped((await reader.get("/console")).text, ["dossier"]);
});

test("an HTML page that a platform answered with is shown as text", async () => {
  const answer = `<html><body onload="x()"><img src=x-page onerror=alert(1)>&amp;</body></html>`;
  const parts = { dossierCode: "H04.15-261120-0009" };
  const id = await scene.settle(parts, refusal(), [attemptRecord({ response: answer })]);
  expectEscaped((await reader.get(`/console/entries/${id}`)).text, ["page"]);
});

test("nothing that the address or a form holds becomes markup", async () => {
  const filtered = await reader.get(`/console?${new URLSearchParams({ dossierCode: hostile("filter") })}`);
  expectEscaped(filtered.text, ["filter"]);
  const refused = await scene.visitor().logIn(hostile("name"), "x", hostile("next"));
  expectEscaped(refused.text, ["name"]);
  const result = await reader.get(`/console/entries/1?result=${encodeURIComponent(hostile("result"))}`);
  expectEscaped(result.text, []);
  const correlated = await reader.send("/console/nowhere", { headers: { "x-correlation-id": hostile("id") } });
  expectEscaped(correlated.text, []);
});

import { describe, expect, test } from "vitest";
import { DOSSIER_STATUSES, type Dossier } from "../../../contracts/services/dossier.ts";
import { answering, json, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import { dossier, putMessage, statusMessage, stepMessage } from "./samples.ts";

const portal = openPortal();
const put = (changes: Partial<Dossier>) => portal.check(putMessage({ dossier: { ...dossier, ...changes } }));
const of = (length: number) => "ạ".repeat(length);
const file = (name: string) => ({ id: "1", name, url: "https://f.vn/1" });

describe("what the portal could never be sent is told at accept", () => {
  test("a dossier, a step and a status within the limits pass", () => {
    expect(put({})).toEqual([]);
    expect(portal.check(stepMessage())).toEqual([]);
    for (const status of DOSSIER_STATUSES) expect(portal.check(statusMessage(status))).toEqual([]);
  });

  test("texts exactly at their limits pass", () => {
    const errors = put({
      summary: of(1000),
      note: of(2000),
      submittedFiles: [file(of(4000))],
      otherPapers: [{ name: of(2000), quantity: 1, kind: "1" }],
      results: [file(of(2000))],
    });
    expect(errors).toEqual([]);
    expect(portal.check(stepMessage({ officer: { name: of(50) } }))).toEqual([]);
  });

  test("each text one over its limit is named by our own field path", () => {
    const errors = put({
      summary: of(1001),
      note: of(2001),
      submittedFiles: [file("a"), file(of(4001))],
      otherPapers: [{ name: of(2001), quantity: 1, kind: "1" }],
      results: [file("a"), file("b"), file(of(2001))],
    });
    expect(errors.map(({ field, code }) => [field, code])).toEqual([
      ["summary", "profile_limit"],
      ["note", "profile_limit"],
      ["submittedFiles[1].name", "profile_limit"],
      ["otherPapers[0].name", "profile_limit"],
      ["results[2].name", "profile_limit"],
    ]);
  });

  test("the officer of a step has a limit of 50", () => {
    expect(portal.check(stepMessage({ officer: { name: of(51) } }))).toEqual([
      {
        field: "officer.name",
        code: "profile_limit",
        message: {
          vi: "Dài 51 ký tự; Cổng Dịch vụ công quốc gia chỉ nhận tối đa 50.",
          en: "51 characters long; the national portal takes at most 50.",
        },
      },
    ]);
  });

  test("a status without a mapping is refused for dossiers, steps and portal-born statuses", async () => {
    const strict = openPortal({ NATIONAL_PORTAL_STATUS_MAP: '{"withdrawn":null}' });
    const messages = [
      putMessage({ dossier: { ...dossier, status: "withdrawn" } }),
      stepMessage({ status: "withdrawn" }),
      statusMessage("withdrawn"),
    ];
    for (const message of messages) {
      expect(strict.check(message).map(({ field, code }) => [field, code])).toEqual([["status", "no_mapping"]]);
      const { transport, requests } = answering(() => json({}));
      const outcome = await strict.perform(message, scriptedCall(transport));
      expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "refused", code: "invalid_request" } });
      expect(requests).toEqual([]);
    }
  });
});

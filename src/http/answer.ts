import type { Answer } from "../ledger/answer-once.ts";

const HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/** A JSON answer that no cache keeps. */
export const answerJson = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: HEADERS });

/** An answer of an unsafe call, byte for byte as it was kept under its Idempotency-Key. */
export const answerKept = ({ status, body, replayed }: Answer): Response =>
  new Response(body, { status, headers: { ...HEADERS, ...(replayed && { "idempotency-replayed": "true" }) } });

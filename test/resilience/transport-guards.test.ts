import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type HttpAnswer, type Transport, TransportError } from "../../contracts/adapter.ts";
import { createBulkhead } from "../../src/resilience/bulkhead.ts";
import { withDeadline } from "../../src/resilience/deadline.ts";

const ANSWER: HttpAnswer = { status: 200, headers: {}, body: "ok", overlong: false };
const REQUEST = { method: "GET", url: "http://portal.invalid/", headers: {} } as const;
const with_ = (signal: AbortSignal) => ({ signal, maxAnswerBytes: 1000 });

/** A transport that answers when told, and notes the signals it was given. */
const manual = () => {
  const calls: { readonly answer: () => void; readonly fail: () => void; readonly signal: AbortSignal }[] = [];
  const transport: Transport = (_request, { signal }) =>
    new Promise((resolve, reject) => {
      calls.push({
        answer: () => resolve(ANSWER),
        fail: () => reject(new TransportError("reset", true)),
        signal,
      });
    });
  return { calls, transport };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a call ends at the platform's deadline even if its transport heeds no signal", async () => {
  const { calls, transport } = manual();
  const call = withDeadline(transport, 1000)(REQUEST, with_(new AbortController().signal));
  const ended = expect(call).rejects.toMatchObject({ reason: "timeout", sent: true });
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls[0]?.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(50);
  await ended;
});

test("the caller's deadline wins when it is earlier, and its wish to stop is no time-out", async () => {
  const { transport } = manual();
  const guarded = withDeadline(transport, 60_000);
  const hurried = new AbortController();
  const call = guarded(REQUEST, with_(hurried.signal));
  const timedOut = expect(call).rejects.toMatchObject({ reason: "timeout" });
  hurried.abort(new DOMException("too late", "TimeoutError"));
  await vi.advanceTimersByTimeAsync(50);
  await timedOut;
  const stopping = new AbortController();
  const stopped = expect(guarded(REQUEST, with_(stopping.signal))).rejects.toMatchObject({ reason: "cancelled" });
  stopping.abort();
  await vi.advanceTimersByTimeAsync(50);
  await stopped;
});

test("a transport's own last words are kept: it knows whether anything was sent", async () => {
  const transport: Transport = (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new TransportError("timeout", false)));
    });
  const call = withDeadline(transport, 10)(REQUEST, with_(new AbortController().signal));
  const ended = expect(call).rejects.toMatchObject({ reason: "timeout", sent: false });
  await vi.advanceTimersByTimeAsync(10);
  await ended;
});

test("an answer in time leaves no timer and no listener behind", async () => {
  const { calls, transport } = manual();
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  const call = withDeadline(transport, 1000)(REQUEST, with_(signal));
  calls[0]?.answer();
  await expect(call).resolves.toBe(ANSWER);
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(removed).toHaveBeenCalledOnce();
});

test("calls under one signal end by it each, whichever of them ended before, and a later call still heeds it", async () => {
  const { calls, transport } = manual();
  const guarded = withDeadline(transport, 1000);
  const stop = new AbortController();
  const [first, second] = [guarded(REQUEST, with_(stop.signal)), guarded(REQUEST, with_(stop.signal))];
  calls[0]?.answer();
  await expect(first).resolves.toBe(ANSWER);
  const third = guarded(REQUEST, with_(stop.signal));
  const ended = Promise.all(
    [second, third].map((call) => expect(call).rejects.toMatchObject({ reason: "cancelled", sent: true })),
  );
  stop.abort();
  expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true, true]);
  await vi.advanceTimersByTimeAsync(50);
  await ended;
});

test("waiting calls go in the order they came, one for each that ends, well or badly", async () => {
  const { calls, transport } = manual();
  const bulkhead = createBulkhead(transport, 1);
  const { signal } = new AbortController();
  const order: number[] = [];
  const made = [1, 2, 3].map((n) =>
    bulkhead.transport(REQUEST, with_(signal)).then(
      () => order.push(n),
      () => order.push(-n),
    ),
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toHaveLength(1);
  calls[0]?.fail();
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toHaveLength(2);
  expect(bulkhead.running).toBe(1);
  calls[1]?.answer();
  await vi.advanceTimersByTimeAsync(0);
  calls[2]?.answer();
  await Promise.all(made);
  expect(order).toEqual([-1, 2, 3]);
  expect(bulkhead.running).toBe(0);
});

test("whoever gives up while waiting takes no slot", async () => {
  const { calls, transport } = manual();
  const bulkhead = createBulkhead(transport, 1);
  const first = bulkhead.transport(REQUEST, with_(new AbortController().signal));
  const impatient = new AbortController();
  const second = bulkhead.transport(REQUEST, with_(impatient.signal));
  const gaveUp = expect(second).rejects.toMatchObject({ reason: "cancelled", sent: false });
  impatient.abort();
  await gaveUp;
  calls[0]?.answer();
  await first;
  await vi.advanceTimersByTimeAsync(0);
  expect([calls.length, bulkhead.running]).toEqual([1, 0]);
});

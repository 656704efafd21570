import { setTimeout as delay } from "node:timers/promises";
import CircuitBreaker from "opossum";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HttpAnswer, HttpRequest, Transport } from "../../contracts/adapter.ts";
import { createBulkhead } from "../../src/resilience/bulkhead.ts";
import { withDeadline } from "../../src/resilience/deadline.ts";
import { createTripDetector } from "../../src/resilience/trip-detector.ts";
import { AWAY, type GuardScene, openGuardScene } from "./guard-scene.ts";

// Design section 6, "Guards": each trap is shown in the plain library by a twin, and closed in ours. When a twin fails,
// opossum has mended the fault.

const ANSWER: HttpAnswer = { status: 200, headers: {}, body: "", overlong: false };
const request = (): HttpRequest => ({ method: "GET", url: "http://portal.invalid/", headers: {} });
const options = (signal = new AbortController().signal) => ({ signal, maxAnswerBytes: 1000 });
const swallow = (promise: Promise<unknown>) => promise.catch(() => undefined);

/** A platform that takes its time and heeds no signal; counts what truly runs. */
const slowPlatform = (ms: number) => {
  const seen = { running: 0, most: 0 };
  const answer = async (): Promise<HttpAnswer> => {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await delay(ms);
    seen.running -= 1;
    return ANSWER;
  };
  return { seen, answer };
};

describe("a slot is free when its call has ended, not when its caller gave up", () => {
  test("plain opossum lets more calls run than its capacity", async () => {
    const { seen, answer } = slowPlatform(80);
    const breaker = new CircuitBreaker(answer, { capacity: 2, timeout: 10, volumeThreshold: 1000 });
    for (let call = 0; call < 10; call += 1) await swallow(breaker.fire());
    expect(seen.most).toBeGreaterThan(2);
    breaker.shutdown();
  });

  test("ours never does", async () => {
    const { seen, answer } = slowPlatform(80);
    const bulkhead = createBulkhead(answer, 2);
    const guarded = withDeadline(bulkhead.transport, 10);
    const calls = Array.from({ length: 10 }, () => swallow(guarded(request(), options())));
    await Promise.all(calls);
    expect(seen.most).toBe(2);
    expect(bulkhead.running).toBe(2);
    await vi.waitFor(() => expect(bulkhead.running).toBe(0));
  });
});

describe("a full bulkhead says nothing about the platform", () => {
  test("plain opossum opens on a healthy platform", async () => {
    const { answer } = slowPlatform(20);
    const breaker = new CircuitBreaker(answer, { capacity: 2, timeout: 1000 });
    await Promise.all(Array.from({ length: 20 }, () => swallow(breaker.fire())));
    expect(breaker.opened).toBe(true);
    breaker.shutdown();
  });

  test("ours lets them wait, and tells a call that gave up while waiting from one that failed", async () => {
    const { answer } = slowPlatform(20);
    const refused: HttpRequest[] = [];
    const { transport } = createBulkhead(answer, 2, (each) => refused.push(each));
    const answers = await Promise.all(Array.from({ length: 20 }, () => transport(request(), options())));
    expect(answers).toEqual(Array.from({ length: 20 }, () => ANSWER));
    const impatient = new AbortController();
    const busy = [1, 2].map(() => transport(request(), options()));
    const given = request();
    const waiting = transport(given, options(impatient.signal));
    impatient.abort();
    await expect(waiting).rejects.toMatchObject({ reason: "cancelled", sent: false });
    expect(refused).toEqual([given]);
    await Promise.all(busy);
  });
});

describe("a slow success that began before the trip closes nothing", () => {
  test("plain opossum closes its half-open breaker by it", async () => {
    const slow = Promise.withResolvers<string>();
    let calls = 0;
    const breaker = new CircuitBreaker(
      () => {
        calls += 1;
        return calls === 1 ? slow.promise : Promise.reject(new Error("away"));
      },
      { timeout: false, resetTimeout: 10, errorThresholdPercentage: 40 },
    );
    const begunBefore = breaker.fire();
    await swallow(breaker.fire());
    await vi.waitFor(() => expect(breaker.halfOpen).toBe(true));
    slow.resolve("late");
    await begunBefore;
    expect(breaker.closed).toBe(true);
    breaker.shutdown();
  });

  let scene: GuardScene;
  beforeEach(async () => {
    scene = await openGuardScene();
  });
  afterEach(() => scene.close());

  test("ours stays half-open: only the try that was taken for it can close it", async () => {
    const one = scene.asProcess("one");
    await scene.acceptMany(2);
    const [early] = await one.claim(1);
    if (early === undefined) throw new Error("nothing was claimed");
    await one.call(20, AWAY);
    await one.claim(1);
    await scene.letPass(10);
    await one.attemptEntry(early, "delivered");
    await one.call(5);
    one.forgetFacts();
    expect(await one.claim(8)).toHaveLength(1);
    one.forgetFacts();
    expect(await one.claim(8)).toEqual([]);
    expect((await scene.facts()).openedAt).not.toBeNull();
  });
});

describe("a try that hangs does not keep the breaker half-open for ever", () => {
  test("plain opossum refuses everybody from then on", async () => {
    let calls = 0;
    const breaker = new CircuitBreaker(
      () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error("away")) : new Promise<void>(() => undefined);
      },
      { timeout: false, resetTimeout: 10 },
    );
    await swallow(breaker.fire());
    await vi.waitFor(() => expect(breaker.halfOpen).toBe(true));
    void breaker.fire();
    await delay(50);
    await expect(breaker.fire()).rejects.toThrow("Breaker is open");
    expect(breaker.halfOpen).toBe(true);
    breaker.shutdown();
  });

  let scene: GuardScene;
  beforeEach(async () => {
    scene = await openGuardScene();
  });
  afterEach(() => scene.close());

  test("ours gives the next entry a try once the lease of the hanging one is over", async () => {
    const one = scene.asProcess("one");
    await scene.acceptMany(2);
    await one.call(20, AWAY);
    await one.claim(1);
    await scene.letPass(10);
    one.forgetFacts();
    const [hanging] = await one.claim(8);
    if (hanging === undefined) throw new Error("nobody tried");
    one.hang(hanging);
    one.forgetFacts();
    expect(await one.claim(8)).toEqual([]);
    await scene.letPass(4);
    one.forgetFacts();
    const [next] = await one.claim(8);
    if (next === undefined) throw new Error("nobody tried again");
    await one.attemptEntry(next, "delivered");
    await one.claim(1);
    expect((await scene.facts()).openedAt).toBeNull();
  });
});

describe("a call that runs out of time aborts no other", () => {
  test("plain opossum aborts all that share its controller", async () => {
    const abortController = new AbortController();
    let aborted = 0;
    const breaker = new CircuitBreaker(
      (ms: number) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          abortController.signal.addEventListener("abort", () => {
            aborted += 1;
            clearTimeout(timer);
            resolve();
          });
        }),
      { timeout: 30, abortController },
    );
    const guilty = swallow(breaker.fire(10_000));
    await delay(20);
    const innocent = [breaker.fire(25), breaker.fire(25)].map(swallow);
    await Promise.all([guilty, ...innocent]);
    expect(aborted).toBe(3);
    breaker.shutdown();
  });

  test("ours gives each call a signal of its own", async () => {
    const aborted: string[] = [];
    const transport: Transport = ({ url }, { signal }) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => resolve(ANSWER), url.endsWith("slow") ? 10_000 : 25);
        signal.addEventListener("abort", () => {
          aborted.push(url);
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
    const guarded = withDeadline(transport, 30);
    const to = (url: string) => guarded({ ...request(), url }, options());
    const guilty = swallow(to("slow"));
    await delay(20);
    await expect(Promise.all([to("a"), to("b")])).resolves.toEqual([ANSWER, ANSWER]);
    await guilty;
    expect(aborted).toEqual(["slow"]);
  });
});

describe("opossum's own timers are closed off", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("plain opossum keeps timers from its making on, and one more when it opens", async () => {
    const breaker = new CircuitBreaker(() => Promise.reject(new Error("away")), { timeout: false });
    expect(vi.getTimerCount()).toBe(2);
    await swallow(breaker.fire());
    expect(vi.getTimerCount()).toBe(3);
    breaker.shutdown();
  });

  test("ours keeps none, closed or tripped", async () => {
    const detector = createTripDetector({ errorPercent: 50, minimumCalls: 2, windowMs: 10_000 }, () => 0);
    expect(vi.getTimerCount()).toBe(0);
    expect(await detector.record(false)).toBe(false);
    expect(await detector.record(false)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

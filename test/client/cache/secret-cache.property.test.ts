import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import type { SecretValue } from '../../../client/src/cache/secret-value.ts';
import type { SecretRequest } from '../../../client/src/source.ts';
import { aResponse, arnOf, handClock, sdkError, settle } from '../support/fake-source.ts';

const TTL = 1_000;
const MAX_STALE = 2_000;
const NAMES = ['orders', 'orders-secret'] as const;

type Name = (typeof NAMES)[number];
type Stage = 'AWSCURRENT' | 'AWSPENDING';

/** A step of a run. Spellings: 0 name, 1 ARN, 2 partial ARN. */
type Step =
  | { do: 'get'; name: Name; spelling: number; stage: Stage; force: boolean }
  | { do: 'invalidate'; name: Name; spelling: number }
  | { do: 'invalidate-all' }
  | { do: 'rotate'; name: Name }
  | { do: 'answer'; pick: number; error: number }
  | { do: 'pass'; ms: number };

/** Mostly one secret and one stage, so that steps meet. */
const mostly = <T>(usual: T, rare: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });
const name = mostly<Name>('orders', 'orders-secret');
const spelling = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('get' as const),
      name,
      spelling,
      stage: mostly<Stage>('AWSCURRENT', 'AWSPENDING'),
      force: mostly(false, true),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('invalidate' as const), name, spelling }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('invalidate-all' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rotate' as const), name }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('answer' as const), pick: fc.nat(9), error: fc.nat(5) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(1_500) }) },
);

/** Failures of the source, of which three in six are none. */
const FAILURES = [
  undefined,
  undefined,
  undefined,
  sdkError('ThrottlingException', 400),
  sdkError('InternalServiceError', 500),
  sdkError('AccessDeniedException', 400),
];

/** The secret as it really is: version numbers that only grow. */
class Truth {
  readonly #version: Record<Name, number> = { orders: 1, 'orders-secret': 1 };

  rotate(name: Name): void {
    this.#version[name]++;
  }

  version(name: Name): number {
    return this.#version[name];
  }
}

/** A call under way: what it will bring was decided when it was made, the worst moment. */
interface Held {
  readonly end: (error: number) => void;
}

/** One read, with the least version it may return. */
interface Read {
  readonly step: Extract<Step, { do: 'get' }>;
  readonly least: number;
  readonly result: Promise<SecretValue | Error>;
}

class Run {
  readonly truth = new Truth();
  readonly clock = handClock();
  readonly held: Held[] = [];
  readonly reads: Read[] = [];
  /** Version of each secret when it was last invalidated. */
  readonly floor: Record<Name, number> = { orders: 0, 'orders-secret': 0 };
  readonly cache = new SecretCache({
    source: { read: (request) => this.#call(request) },
    ttlMs: TTL,
    maxStaleMs: MAX_STALE,
    timeoutMs: 3_600_000,
    now: this.clock.now,
  });

  async play(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      this.#play(one);
      // Half of the reads share a turn with what follows.
      if (one.do !== 'get' || one.spelling !== 0) await settle();
    }
    for (let round = 0; round < 5; round++) {
      await settle();
      for (const { end } of this.held.splice(0)) end(0);
    }
    await this.cache.close();
  }

  #play(one: Step): void {
    switch (one.do) {
      case 'get':
        this.#get(one);
        return;
      case 'invalidate':
        this.cache.invalidate(spelled(one.name, one.spelling));
        this.floor[one.name] = this.truth.version(one.name);
        return;
      case 'invalidate-all':
        this.cache.invalidateAll();
        for (const each of NAMES) this.floor[each] = this.truth.version(each);
        return;
      case 'rotate':
        this.truth.rotate(one.name);
        return;
      case 'answer':
        this.held.splice(one.pick % Math.max(1, this.held.length), 1)[0]?.end(one.error);
        return;
      case 'pass':
        this.clock.pass(one.ms);
        return;
    }
  }

  #get(one: Extract<Step, { do: 'get' }>): void {
    const least = one.force ? this.truth.version(one.name) : this.floor[one.name];
    const options = { versionStage: one.stage, forceRefresh: one.force };
    const result = this.cache
      .get(spelled(one.name, one.spelling), options)
      .catch((error: unknown) => error as Error);
    this.reads.push({ step: one, least, result });
  }

  #call({ secretId, versionStage }: SecretRequest) {
    const found = NAMES.find((each) => [0, 1, 2].some((way) => spelled(each, way) === secretId)) ?? 'orders';
    const version = this.truth.version(found);
    const response = aResponse({
      Name: found,
      ARN: arnOf(found),
      VersionId: String(version),
      VersionStages: [String(versionStage)],
    });
    return new Promise<typeof response>((resolve, reject) => {
      const end = (error: number) => {
        const failure = FAILURES[error];
        if (failure === undefined) resolve(response);
        else reject(failure);
      };
      this.held.push({ end });
    });
  }
}

const spelled = (name: Name, way: number): string =>
  [name, arnOf(name), arnOf(name).slice(0, -7)][way] ?? name;

test('no read returns what is older than an invalidation before it, of another stage or of another secret', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }), async (steps) => {
      const run = new Run();
      await run.play(steps);
      for (const { step: asked, least, result } of run.reads) {
        const value = await result;
        if (value instanceof Error) {
          expect(value.name).toBe('SecretReadError');
          continue;
        }
        expect(value.Name).toBe(asked.name);
        expect(value.VersionStages).toEqual([asked.stage]);
        expect(Number(value.VersionId)).toBeGreaterThanOrEqual(least);
      }
    }),
    { numRuns: 1_500 },
  );
});

test('a canary in the answers of a source shows in no error and no event, whatever happens', async () => {
  const CANARY = 'canary-77c1';
  const failures = [
    new SyntaxError(`Unexpected token 'c', "${CANARY}" is not valid JSON`),
    Object.assign(new Error(CANARY), { $response: { body: CANARY }, $metadata: { httpStatusCode: 200 } }),
    Object.assign(new Error(CANARY, { cause: new Error(CANARY) }), { code: 'ECONNRESET' }),
    { toString: () => CANARY },
    CANARY,
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...failures), fc.boolean(), async (failure, warm) => {
      let failing = !warm;
      const read = () =>
        failing ? Promise.reject(failure) : Promise.resolve(aResponse({ SecretString: CANARY }));
      const clock = handClock();
      const cache = new SecretCache({ source: { read }, ttlMs: TTL, maxStaleMs: 0, now: clock.now });
      const events: unknown[] = [];
      cache.onEvent((event) => events.push(event));
      if (warm) await cache.get('orders');
      failing = true;
      clock.pass(TTL);
      const error: unknown = await cache.get('orders').catch((thrown: unknown) => thrown);
      const text = inspect([error, events, cache], { depth: Number.POSITIVE_INFINITY, showHidden: true });
      expect(error).toMatchObject({ name: 'SecretReadError', secretId: 'orders' });
      expect(`${text}${JSON.stringify([error, events, cache])}`).not.toContain(CANARY);
      await cache.close();
    }),
  );
});

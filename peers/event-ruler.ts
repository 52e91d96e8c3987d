import { type Random, seededRandom } from '../src/simulator/call/random.ts';
import { compilePattern, matchesPattern } from '../src/simulator/eventbridge/pattern.ts';
import { type Ground, programPath, run } from './support/ground.ts';
import { javaWith } from './support/java.ts';
import type { Case, Peer } from './support/peer.ts';

const VERSION = '2.1.0';
const PAIRS = 10_000;

const installed = (ground: Ground): Promise<string> =>
  javaWith(ground, `software.amazon.event.ruler:event-ruler:${VERSION}`);

/** The matcher that EventBridge itself is built on. */
export const eventRuler: Peer = {
  name: 'event-ruler',
  software: 'Event Ruler',
  version: VERSION,
  from: 'Maven Central',
  against: 'the pattern matcher of the simulated EventBridge',
  needs: ['java', 'mvn'],
  limits:
    'Pairs by chance, of the operators that EventBridge documents; patterns both refuse count as agreed.',
  explained: [
    {
      cases: /^8676: /,
      why: 'Event Ruler misses the exact value "A" beside a numeric range and a prefix; any entry of a list may match.',
      source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html',
    },
  ],
  install: installed,
  run: async (ground) => {
    const classes = await installed(ground);
    const random = seededRandom(1);
    const pairs = Array.from({ length: PAIRS }, () => ({
      event: eventBy(random),
      pattern: patternBy(random),
    }));
    const input = pairs.map(({ event, pattern }) => `${JSON.stringify(event)}\t${JSON.stringify(pattern)}\n`);
    const ran = await run('java', ['-cp', classes, programPath('Ruling.java')], { input: input.join('') });
    if (ran.status !== 0)
      throw new Error(`Event Ruler ended with ${ran.status}: ${ran.stderr.slice(0, 2000)}`);
    const answers = ran.stdout.trim().split('\n');
    return pairs.map(({ event, pattern }, index): Case => {
      const name = `${index}: ${JSON.stringify(pattern)} on ${JSON.stringify(event)}`;
      return { name, theirs: answers[index], ours: ruled(event, pattern) };
    });
  },
};

function ruled(event: unknown, pattern: unknown): string {
  try {
    return String(matchesPattern(compilePattern(JSON.stringify(pattern)), event));
  } catch {
    return 'refused';
  }
}

/** Few words, so that patterns and events meet. */
const WORDS = ['a', 'A', 'ab', 'abc', 'b', 'cab', '', 'aws.secretsmanager', '10.0.0.7', '192.168.1.4', 'a*c'];
const NAMES = ['source', 'detail-type', 'eventName'];

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)] as T;

const scalarBy = (random: Random): unknown =>
  random.below(5) === 0 ? pick(random, [0, 1, 5, -3, 2.5, 300, true, false, null]) : pick(random, WORDS);

function eventBy(random: Random): object {
  const members = NAMES.map((name) => [
    name,
    random.below(4) === 0 ? list(random, scalarBy) : scalarBy(random),
  ]);
  const detail =
    random.below(5) === 0
      ? scalarBy(random)
      : { eventName: scalarBy(random), n: pick(random, [0, 1, 5, -3, 2.5, 300]) };
  const all = [...members, ['detail', detail]].filter(() => random.below(6) > 0);
  return Object.fromEntries(all);
}

const list = <T>(random: Random, by: (random: Random) => T): readonly T[] =>
  Array.from({ length: 1 + random.below(3) }, () => by(random));

function patternBy(random: Random): object {
  const chosen = NAMES.filter(() => random.below(3) === 0).map(
    (name) => [name, list(random, entryBy)] as const,
  );
  const detail = random.below(2) === 0 ? [['detail', detailBy(random)] as const] : [];
  const members = [...chosen, ...detail];
  return members.length > 0 ? Object.fromEntries(members) : { source: list(random, entryBy) };
}

const detailBy = (random: Random): object =>
  random.below(5) === 0
    ? { $or: [{ eventName: list(random, entryBy) }, { n: list(random, entryBy) }] }
    : { [pick(random, ['eventName', 'n'])]: list(random, entryBy) };

const OPERATORS = ['=', '<', '<=', '>', '>='] as const;

function entryBy(random: Random): unknown {
  const word = pick(random, WORDS);
  const number = pick(random, [0, 1, 5, -3, 2.5, 300]);
  return pick(random, [
    () => scalarBy(random),
    () => word,
    () => ({ prefix: word }),
    () => ({ suffix: word }),
    () => ({ prefix: { 'equals-ignore-case': word } }),
    () => ({ suffix: { 'equals-ignore-case': word } }),
    () => ({ 'equals-ignore-case': word }),
    () => ({ 'anything-but': random.below(2) === 0 ? list(random, () => pick(random, WORDS)) : word }),
    () => ({ 'anything-but': { prefix: word } }),
    () => ({ 'anything-but': { suffix: word } }),
    () => ({ 'anything-but': { wildcard: `*${word}` } }),
    () => ({ 'anything-but': { 'equals-ignore-case': word } }),
    () => ({ wildcard: pick(random, ['a*', '*b', 'a*c', '*', '*a*', 'aws.*manager']) }),
    () => ({ numeric: [pick(random, OPERATORS), number] }),
    () => ({ numeric: ['>', -5, '<=', number] }),
    () => ({ exists: random.below(2) === 0 }),
    () => ({ cidr: pick(random, ['10.0.0.0/24', '192.168.0.0/16', '10.0.0.7/32']) }),
  ])();
}

import { HOUR, type Instant, later } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import type { PendingLife, Stretch } from './pending-lives.ts';

/** From when on no further attempt can be expected to succeed; undefined while one can. */
export function hopelessFrom({ failures }: PendingLife): Instant | undefined {
  const refused = failures.find(({ text }) => text.includes('was not created by Lambda'));
  const [first] = failures;
  const repeated = failures.find(({ at }, index) => index >= 2 && first && at - first.at >= 2 * HOUR);
  return refused?.at ?? repeated?.at;
}

/** A suspect that was looked at is not looked at again for so long, unless something happens to it. */
const LOOKED_AT_EVERY_MS = HOUR;

/** When the function of a version's rotation could not run; that it can again need not be known at once. */
export const brokenDuring = (life: PendingLife, broken: readonly Stretch[]): readonly Stretch[] =>
  broken
    .map(({ from, until }) => ({
      from: from > life.from ? from : life.from,
      until: earlier(life.until, until && later(until, LOOKED_AT_EVERY_MS)),
    }))
    .filter(({ from, until }) => until === undefined || from < until);

const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Each failed test of a configuration, until a later test or rotation succeeds or rotation is switched off. */
export function failedTests(
  lives: readonly PendingLife[],
  history: readonly StageChange[],
  endsAt: Instant,
): readonly Stretch[] {
  return lives.filter(isTest).flatMap(({ failures: [failure], until }, index, tests) => {
    if (failure === undefined) return [];
    const next = tests[index + 1];
    const rotated = history.find(
      ({ at, lastRotatedAt = 0, rotationEnabled }) =>
        at > failure.at && (lastRotatedAt > failure.at || rotationEnabled !== true),
    );
    const ends = [next?.until, rotated?.at].filter((at) => at !== undefined);
    return [{ from: until ?? endsAt, until: ends.sort((a, b) => a - b)[0] }];
  });
}

/** The service gives the version of a test a copy of the value in use, so that no function ever fills it. */
const isTest = ({ isFilled, end, failures }: PendingLife): boolean =>
  !isFilled && end === 'lost' && failures.every(({ step }) => step === 'testSecret');

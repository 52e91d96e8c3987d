import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { PortError } from '../../ports/failure.ts';
import type { Check } from './check.ts';

/**
 * Makes every check, in order. What may not be read makes its check unknown, and the others go on. That nobody answers,
 * or that the session is over, ends it: then nothing is known.
 */
export async function* diagnose<Examined>(
  checks: readonly Check<Examined>[],
  examined: Examined,
): AsyncGenerator<readonly Diagnosis[]> {
  for (const check of checks) yield await made(check, examined);
}

async function made<Examined>(check: Check<Examined>, examined: Examined): Promise<readonly Diagnosis[]> {
  try {
    return await check.run(examined);
  } catch (error) {
    if (!(error instanceof PortError) || !KNOWN.has(error.reason)) throw error;
    return [unread(check, error)];
  }
}

/** Failures of one call that say nothing of the others. */
const KNOWN: ReadonlySet<PortError['reason']> = new Set([
  'denied',
  'throttled',
  'not-found',
  'invalid',
  'server',
]);

const unread = <Examined>({ name, needs }: Check<Examined>, { message }: PortError): Diagnosis => ({
  check: name,
  subject: name,
  health: 'unknown',
  what: `The check could not be made: ${message}.`,
  remedy: `Allow ${needs.join(', ')}.`,
});

import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { PortError } from '../../ports/failure.ts';
import { CHECKS, type Check, type Doctor } from './checks.ts';

/**
 * Makes every check, in order. What may not be read makes its check unknown, and the others go on. That nobody answers,
 * or that the session is over, ends it: then nothing is known.
 */
export async function* diagnose(doctor: Doctor): AsyncGenerator<readonly Diagnosis[]> {
  for (const check of CHECKS) yield await made(check, doctor);
}

async function made(check: Check, doctor: Doctor): Promise<readonly Diagnosis[]> {
  try {
    return await check.run(doctor);
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

const unread = ({ name, needs }: Check, { message }: PortError): Diagnosis => ({
  check: name,
  subject: name,
  health: 'unknown',
  what: `The check could not be made: ${message}.`,
  remedy: `Allow ${needs.join(', ')}.`,
});

import { formatInstant } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { Detector } from './detector.ts';

/**
 * Finds tests of a rotation's settings that failed: RotateSecret with RotateImmediately=false runs testSecret on a
 * version that it creates and removes. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export const testRotationFailed: Detector = {
  code: 'test-rotation-failed',
  meaning:
    'RotateSecret tested the rotation settings without rotating, and the test failed: the rotation will probably fail too.',
  remedy: "Read the function's log and fix the cause before the rotation window opens, then test again.",
  severities: 'LOW',
  appliesTo: 'while rotation is on with a rotation function',
  requirement: 'The rotation settings of a secret pass the test.',
  detect({ secret, evidence }) {
    if (secret.rotationEnabled !== true || secret.rotationFunctionArn === undefined) return 'not-applicable';
    const last = evidence.findLast(isOutcome);
    const { lastRotatedAt } = secret;
    if (last?.kind !== 'test-rotation-failed') return 'clear';
    if (lastRotatedAt !== undefined && lastRotatedAt > last.at) return 'clear';
    return {
      code: 'test-rotation-failed',
      severity: 'LOW',
      since: last.at,
      pendingVersionId: undefined,
      what: `The test of the rotation settings failed${last.step === undefined ? '' : ` at ${last.step}`} at ${formatInstant(last.at)}.`,
    };
  },
};

/** A success of the rotation itself says more than a test. */
const isOutcome = ({ kind }: Evidence): boolean =>
  kind === 'test-rotation-failed' || kind === 'test-rotation-succeeded' || kind === 'rotation-succeeded';

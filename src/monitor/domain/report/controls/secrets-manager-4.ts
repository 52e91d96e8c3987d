import { type ControlJudge, days } from './control.ts';

/** The secret was rotated within so many days. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
export const secretsManager4: ControlJudge = {
  id: 'SecretsManager.4',
  judge({ figures: { currentAgeMs }, parameters: { maxAgeMs } }) {
    const age = currentAgeMs.value;
    const evidence = [
      `Age of AWSCURRENT: ${age === undefined ? 'unknown' : days(age)}`,
      `Limit: ${days(maxAgeMs)}`,
    ];
    if (age === undefined) {
      return { status: 'error', reason: 'The age of AWSCURRENT could not be read.', evidence };
    }
    return age > maxAgeMs
      ? { status: 'alarm', reason: `AWSCURRENT is ${days(age)} old.`, evidence }
      : { status: 'ok', reason: 'AWSCURRENT is young enough.', evidence };
  },
};

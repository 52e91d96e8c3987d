import { shownLine } from '../../shown.ts';
import type { ControlJudge } from './control.ts';

/** Tags with this prefix belong to AWS and do not count. */
const OF_AWS = 'aws:';
/** Most keys that are shown as evidence. */
const MOST_SHOWN = 10;

/** The secret is tagged. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
export const secretsManager5: ControlJudge = {
  id: 'SecretsManager.5',
  judge({ secret: { tags }, parameters: { requiredTagKeys } }) {
    const keys = Object.keys(tags).filter((key) => !key.startsWith(OF_AWS));
    const shown = keys.slice(0, MOST_SHOWN).map((key) => shownLine(key, 128));
    const evidence = [`Tag keys: ${shown.join(', ') || 'none'}`];
    if (keys.length === 0) return { status: 'alarm', reason: 'The secret has no tags.', evidence };
    const missing = requiredTagKeys.filter((key) => !keys.includes(key));
    return missing.length > 0
      ? { status: 'alarm', reason: `Required tags are missing: ${missing.join(', ')}.`, evidence }
      : { status: 'ok', reason: 'The secret is tagged.', evidence };
  },
};

import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { isByRotation, isQuiet } from '../rotation/previous-version.ts';
import type { Detector } from './detector.ts';

/**
 * Finds consumers that ask for AWSPREVIOUS after a rotation: the next one ends the credential they use. AWS reports the
 * day of the last request and nothing else, so that the finding says "was requested".
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretVersionsListEntry.html
 */
export const previousVersionInUse: Detector = {
  code: 'previous-version-in-use',
  meaning:
    'AWSPREVIOUS was requested on a day after the rotation: something still uses a credential that the next rotation invalidates.',
  remedy: 'Find out who requested it and switch it to AWSCURRENT.',
  severities: 'LOW',
  appliesTo: 'once AWSPREVIOUS is known to have been requested after the rotation',
  requirement: 'After a rotation, only AWSCURRENT is requested.',
  detect(facts, now) {
    const { previousUse } = facts;
    if (previousUse === undefined) return 'not-applicable';
    if (isQuiet(previousUse, now) || isByRotation(previousUse, facts)) return 'clear';
    return {
      code: 'previous-version-in-use',
      severity: 'LOW',
      since: previousUse.requestedOn,
      pendingVersionId: undefined,
      what: `AWSPREVIOUS was requested on ${date(previousUse.requestedOn)}, after the rotation of ${date(previousUse.rotatedAt)}.`,
    };
  },
};

const date = (at: Instant): string => formatInstant(at).slice(0, 10);

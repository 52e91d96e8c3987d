import { DAY } from '../../../../calendar/instant.ts';
import { TAG_PREFIX } from '../../secret/policy.ts';
import { judgeOldestAge } from './age.ts';
import type { ControlJudge } from './control.ts';

/** The days of the requirement itself. */
const LIMIT_MS: number = 90 * DAY;
/** The tag that says that a secret is a person's password, not one of a service. */
const HOLDER = `${TAG_PREFIX}holder`;

/**
 * PCI DSS 4.0.1, 8.3.9: passwords of people that are their only factor. It is not about credentials of services, so that
 * only secrets with the tag `rotation-monitor:holder=person` get a verdict.
 * https://www.pcisecuritystandards.org/document_library/
 */
export const pci839: ControlJudge = {
  id: 'PCI-DSS-4.0.1-8.3.9',
  isAbout({ secret, isGone }) {
    if (secret.tags[HOLDER]?.trim() === 'person') return 'yes';
    return isGone === true ? 'unknown' : 'no';
  },
  judge: (facts) => judgeOldestAge(facts, LIMIT_MS),
};

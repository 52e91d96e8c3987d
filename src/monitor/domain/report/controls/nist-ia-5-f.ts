import { judgeOldestAge } from './age.ts';
import type { ControlJudge } from './control.ts';

/**
 * NIST SP 800-53 r5, IA-5 f: authenticators are changed at a period that the organization defines, here the setting
 * `max-age`. https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
 */
export const nistIa5f: ControlJudge = {
  id: 'NIST-800-53-r5-IA-5-f',
  judge: (facts) => judgeOldestAge(facts, facts.parameters.maxAgeMs),
};

import type { Instant } from '../../../calendar/instant.ts';
import type { Facts } from '../detect/detector.ts';
import type { Explanation, Finding } from '../finding/finding.ts';
import { adviceFor } from './advice.ts';
import { riskOf } from './blast-radius.ts';
import { dailyWhy } from './daily-why.ts';
import { functionWhy } from './function-why.ts';
import { situationOf } from './situation.ts';
import { why } from './why.ts';

/** Says why a finding is believed, what is at risk and what to do; the commands name this secret and its versions. */
export function explain(finding: Finding, facts: Facts, now: Instant): Explanation {
  const situation = situationOf(finding, facts, now);
  return {
    why: [...why(situation, now), ...dailyWhy(situation, now), ...functionWhy(situation)],
    ...riskOf(situation),
    advice: adviceFor(situation),
    failingStep: situation.step,
    changes: facts.examination?.changes,
  };
}

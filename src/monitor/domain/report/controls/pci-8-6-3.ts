import { judgeOldestAge } from './age.ts';
import type { ControlJudge } from './control.ts';

/**
 * PCI DSS 4.0.1, 8.6.3: the part about frequency alone. Complexity, and changes on suspicion of compromise, are not
 * judged. https://www.pcisecuritystandards.org/document_library/
 */
export const pci863: ControlJudge = {
  id: 'PCI-DSS-4.0.1-8.6.3',
  judge(facts) {
    const { riskAnalysisFrequencyMs } = facts.parameters;
    if (riskAnalysisFrequencyMs === undefined) {
      return { status: 'skip', reason: 'No targeted risk analysis is given.', evidence: [] };
    }
    return judgeOldestAge(facts, riskAnalysisFrequencyMs);
  },
};

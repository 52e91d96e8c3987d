import { formatInstant } from '../../../../calendar/instant.ts';
import type { AuditException } from '../audit-exception.ts';
import type { ControlVerdict } from '../control-verdict.ts';
import type { ControlFacts, ControlJudge, Judgement } from './control.ts';
import { nistIa5f } from './nist-ia-5-f.ts';
import { pci839 } from './pci-8-3-9.ts';
import { pci863 } from './pci-8-6-3.ts';
import { secretsManager1 } from './secrets-manager-1.ts';
import { secretsManager2 } from './secrets-manager-2.ts';
import { secretsManager3 } from './secrets-manager-3.ts';
import { secretsManager4 } from './secrets-manager-4.ts';
import { secretsManager5 } from './secrets-manager-5.ts';

/** The judgements of all controls, in the order in which they are shown. */
export const CONTROL_JUDGES: readonly ControlJudge[] = [
  secretsManager1,
  secretsManager2,
  secretsManager3,
  secretsManager4,
  secretsManager5,
  pci863,
  pci839,
  nistIa5f,
];

/** Facts beside those of the controls. */
export interface ControlCircumstances {
  readonly exceptions: readonly AuditException[];
  /** Whether a CRITICAL alert about the secret is open: no exception hides that. */
  readonly isCritical: boolean;
}

/** The verdicts of all controls that are about a secret; exceptions in force make them `skip`, never `ok`. */
export const judgeControls = (
  facts: ControlFacts,
  { exceptions, isCritical }: ControlCircumstances,
): readonly ControlVerdict[] =>
  CONTROL_JUDGES.flatMap((control) => {
    const judgement = judged(control, facts);
    if (judgement === undefined) return [];
    const exception = exceptions.find(
      ({ control: id, grantedAt, until }) => id === control.id && grantedAt <= facts.at && until > facts.at,
    );
    if (exception === undefined) return [{ control: control.id, ...judgement }];
    return [{ control: control.id, ...excepted(judgement, exception, isCritical), exception }];
  });

const TAGS_UNKNOWN = 'The tags that would show whether the control is about it are not known.';

/** Undefined where the control is not about the secret. */
function judged(control: ControlJudge, facts: ControlFacts): Judgement | undefined {
  const { deletedAt } = facts.figures;
  const about = control.isAbout?.(facts) ?? 'yes';
  if (about === 'no') return undefined;
  if (deletedAt === undefined) return control.judge(facts);
  const deleted = `The secret was scheduled for deletion or deleted at ${formatInstant(deletedAt)}.`;
  const reason = about === 'yes' ? deleted : `${deleted} ${TAGS_UNKNOWN}`;
  return { status: 'skip', reason, evidence: [] };
}

function excepted(judgement: Judgement, { until, reason }: AuditException, isCritical: boolean): Judgement {
  const { status, evidence } = judgement;
  const found = [...evidence, `Without the exception: ${status}, ${judgement.reason}`];
  if (isCritical && status === 'alarm') {
    return {
      ...judgement,
      reason: `${judgement.reason} A CRITICAL alert is open, which no exception hides.`,
    };
  }
  return { status: 'skip', reason: `Excepted until ${formatInstant(until)}: ${reason}`, evidence: found };
}

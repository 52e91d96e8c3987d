import { type Proposal, planRepair } from '../../domain/repair/plan-repair.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import type { StepRunner } from '../../ports/repair/step-runner.ts';
import type { RememberedSecret } from '../../ports/store/monitor-memory.ts';
import { type SecretView, type Viewing, viewSecret } from './view-secret.ts';

/** Parts of the service that propose a repair. */
export interface ProposingRepair extends Viewing {
  readonly steps: StepRunner;
}

/** Facts from the operator and the monitor that AWS does not hold. */
export interface RepairHints {
  /** Whether the operator states that AWSCURRENT logs in. */
  readonly currentWorks: boolean;
  readonly remembered: RememberedSecret | undefined;
}

/** The proposed repair of a secret, with the view it rests on. */
export interface ProposedRepair {
  readonly view: SecretView;
  readonly proposal: Proposal;
}

/** Looks at a secret and plans its repair; changes nothing. */
export async function proposeRepair(
  service: ProposingRepair,
  secret: Secret,
  { currentWorks, remembered }: RepairHints,
): Promise<ProposedRepair> {
  const view = await viewSecret(service, secret, remembered);
  const { facts, findings, at, history } = view;
  const arn = secret.rotationFunctionArn;
  const isOwn = arn?.split(':')[4] === secret.account;
  const code = arn === undefined || !isOwn ? undefined : await service.steps.code(arn);
  const isSeen = service.history !== undefined && history.unseen === undefined;
  const proposal = planRepair({
    facts,
    findings,
    now: at,
    currentWorks,
    hearsAttempts: facts.eventsArrive || isSeen,
    function: arn === undefined || code === undefined ? undefined : { arn, ...code },
  });
  return { view, proposal: proposal.kind === 'nothing' ? besides(view) : proposal };
}

/** Names the alert of the monitor that no look explains: neither a label nor the function can end it. */
function besides({ reported: [first] }: SecretView): Proposal {
  if (first === undefined) return { kind: 'nothing' };
  const because = `The monitor has reported ${first.code}, which no label can fix. ${first.remedy}`;
  return { kind: 'refused', refusal: { code: 'nothing-pending', because } };
}

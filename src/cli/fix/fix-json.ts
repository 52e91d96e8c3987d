import type { RepairReport } from '../../monitor/application/operate/apply-repair.ts';
import type { ProposedRepair } from '../../monitor/application/operate/propose-repair.ts';
import { adviceOf } from '../../monitor/application/operate/view-secret.ts';
import type { Asked } from '../aws/deployment.ts';
import { unknownLines } from '../explain/explain-text.ts';
import type { PlanFile } from '../schemas/fix-schema.ts';
import { printableJson } from '../terminal/output.ts';
import type { Recording } from './recording.ts';

/** The result of a run of `fix`. */
export interface FixResult extends ProposedRepair {
  /** The answer of the deployed monitor, or why there is none. */
  readonly asked: Asked<unknown>;
  readonly plan: PlanFile | undefined;
  /** Undefined when nothing was applied. */
  readonly report: RepairReport | undefined;
  /** Undefined where nothing is planned. */
  readonly recording: Recording | undefined;
}

/** A repair as programs read it; `docs/schemas/fix.json` describes it. */
export function fixJson({ view, asked, proposal, plan, report, recording }: FixResult): string {
  const refusal = proposal.kind === 'refused' ? proposal.refusal : undefined;
  const proposed = proposal.kind === 'plan' ? 'planned' : proposal.kind;
  return printableJson({
    schemaVersion: 1,
    secretArn: view.secret.arn,
    outcome: report?.outcome ?? proposed,
    because: report?.because ?? refusal?.because ?? null,
    refusal: refusal?.code ?? null,
    plan: plan ?? null,
    sent: (report?.sent ?? []).map(({ call, state, because }) => ({
      kind: call.kind,
      state,
      because: because ?? null,
    })),
    stages: (report === undefined ? view.secret.versionStages : report.stages) ?? null,
    record: recording === undefined ? null : { state: recording.state, why: recording.why ?? null },
    advice: adviceOf(view),
    unknown: unknownLines(view, asked),
  });
}

import { formatInstant, type Instant } from '../../calendar/instant.ts';
import type { SecretView } from '../../monitor/application/operate/view-secret.ts';
import { isOpen } from '../../monitor/domain/alert/alert.ts';
import type { ExplainedFinding } from '../../monitor/domain/finding/finding.ts';
import { isConfirmed } from '../../monitor/domain/state/repair-record.ts';
import { alertJson } from '../schemas/alert-schema.ts';
import { printableJson } from '../terminal/output.ts';
import { type ExplainFrame, reasonOf, unknownLines } from './explain-text.ts';
import { timelineOf } from './timeline.ts';

/** Version of the shape that {@link explainJson} writes; it changes when a field goes or changes its meaning. */
const SCHEMA_VERSION = 1;

/** Prints the facts about a secret for programs; `docs/schemas/explain.json` describes the format. */
export function explainJson(view: SecretView, { asked, logs }: Pick<ExplainFrame, 'asked' | 'logs'>): string {
  const { at, secret, versions, findings, reported, verdicts } = view;
  return printableJson({
    schemaVersion: SCHEMA_VERSION,
    at: formatInstant(at),
    secret: secretJson(view),
    versions: Object.entries(secret.versionStages).map(([versionId, stages]) => ({
      versionId,
      stages,
      createdAt: timeJson(versions[versionId]?.createdAt),
    })),
    findings: findings.map(findingJson),
    reported: reported.map((alert) => ({ ...alert, since: formatInstant(alert.since) })),
    verdicts: verdicts.map(({ detector, verdict }) => ({
      code: detector.code,
      verdict: typeof verdict === 'string' ? verdict : 'found',
      reason: reasonOf(detector, verdict),
    })),
    timeline: timelineOf(view).items.map((item) => ({ ...item, at: formatInstant(item.at) })),
    log: logs,
    deployment: asked.deployment ?? null,
    alerts: alertsJson(view),
    repairs: repairsJson(view),
    unknown: unknownLines(view, asked),
  });
}

const timeJson = (at: Instant | undefined): string | null => (at === undefined ? null : formatInstant(at));

/** Null where no monitor was asked. */
const alertsJson = ({ remembered }: SecretView): readonly object[] | null =>
  remembered === undefined ? null : (remembered.state?.alerts ?? []).filter(isOpen).map(alertJson);

const repairsJson = ({ remembered, facts, history }: SecretView): readonly object[] | null =>
  remembered === undefined
    ? null
    : (remembered.state?.repairs ?? []).map(({ startedAt, by, outcome, calls }) => ({
        startedAt: formatInstant(startedAt),
        statedBy: by,
        outcome: outcome ?? null,
        calls: calls.map((call) => ({
          at: formatInstant(call.at),
          what: call.what,
          state: call.state,
          isConfirmed: isConfirmed(call, facts.evidence, history.calls),
        })),
      }));

const secretJson = ({ secret }: SecretView): object => ({
  arn: secret.arn,
  name: secret.name,
  account: secret.account,
  region: secret.region,
  rotationEnabled: secret.rotationEnabled ?? null,
  rotationFunctionArn: secret.rotationFunctionArn ?? null,
  schedule: secret.rotationRules?.scheduleExpression ?? null,
  lastRotatedAt: timeJson(secret.lastRotatedAt),
  nextRotationAt: timeJson(secret.nextRotationAt),
});

const findingJson = (finding: ExplainedFinding): object => ({
  code: finding.code,
  severity: finding.severity,
  since: formatInstant(finding.since),
  what: finding.what,
  why: finding.why,
  credentialInUse: finding.credentialInUse,
  blastRadius: finding.blastRadius,
  failingStep: finding.failingStep ?? null,
  changes: finding.changes?.map(({ at, who, what }) => ({ at: formatInstant(at), who, what })) ?? null,
  advice: finding.advice,
});

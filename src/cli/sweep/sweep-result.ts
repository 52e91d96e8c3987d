import type { Instant } from '../../calendar/instant.ts';
import type { AuditedSecret, AuditReport } from '../../monitor/application/audit/audit-secrets.ts';
import type { SuspectReport } from '../../monitor/application/sweep/sweep.ts';
import type { SweepReport } from '../../monitor/application/sweep/sweep-report.ts';
import { AUDIT_CODES } from '../../monitor/domain/audit/audit-finding.ts';
import { unverifiable } from '../../monitor/domain/detect/unverifiable.ts';
import { type ExplainedFinding, rankOf } from '../../monitor/domain/finding/finding.ts';
import { acknowledgeCommand } from '../../monitor/domain/message/acknowledge-command.ts';
import { linksTo } from '../../monitor/domain/message/chat-parts.ts';
import type { Link } from '../../monitor/domain/message/message.ts';
import type { Trouble } from '../../monitor/domain/state/secret-state.ts';
import { replicasBeside } from '../../monitor/domain/sweep/sweep-tally.ts';
import type { AlertStore } from '../../monitor/ports/store/alert-store.ts';

/** The finding that stands for one secret, chosen by precedence among all of its findings. */
export interface SecretFinding extends ExplainedFinding {
  readonly secretArn: string;
  readonly secretName: string;
  /** Whether only the list shows it, because the secret itself could not be looked at. */
  readonly isUnconfirmed: boolean;
}

/** A secret that could not be looked at. */
interface UnverifiableSecret {
  readonly secretArn: string;
  readonly secretName: string;
  /** A word such as `denied`. */
  readonly reason: string;
}

/** The result of one sweep. */
export interface SweepResult {
  /** Undefined when neither STS nor a secret reported it. */
  readonly account: string | undefined;
  readonly region: string;
  /** Time of the judgement. */
  readonly at: Instant;
  /** Secrets looked at. */
  readonly observed: number;
  readonly suspects: number;
  /** Suspects whose rotation is younger than its threshold: nothing is wrong with them yet. */
  readonly inProgress: number;
  /** Replicas: their primaries are in other regions, which this sweep did not look at. */
  readonly replicas: number;
  /** Gravest first, then oldest first. */
  readonly findings: readonly SecretFinding[];
  readonly unverifiable: readonly UnverifiableSecret[];
  /** Findings of the audit; undefined when there was none. */
  readonly audit?: Audit | undefined;
  /** Calls to Secrets Manager. */
  readonly apiCalls: number;
  /** Base URL of the published runbooks; undefined for those of the sources. */
  readonly runbookBaseUrl?: string | undefined;
  /** The function of a deployment that takes acknowledgements, where the settings name it. */
  readonly acknowledgeFunctionArn?: string | undefined;
}

/** Folder of the runbooks in the sources. */
const RUNBOOKS = 'docs/runbooks';

/** Returns the links that help to investigate a finding. */
export const linksOfFinding = (
  { secretArn, secretName, code, logs }: SecretFinding,
  { region, at, runbookBaseUrl = RUNBOOKS }: Pick<SweepResult, 'region' | 'at' | 'runbookBaseUrl'>,
): readonly Link[] => linksTo({ secretArn, secretName, region, code, logs, until: at }, runbookBaseUrl);

/** The command that acknowledges the alert about a finding; undefined where it is not known which function takes it. */
export const acknowledgementOf = (
  finding: SecretFinding,
  { acknowledgeFunctionArn }: Pick<SweepResult, 'acknowledgeFunctionArn'>,
): string | undefined =>
  acknowledgeFunctionArn === undefined ? undefined : acknowledgeCommand(acknowledgeFunctionArn, [finding]);

/** The findings of an audit, gravest first. */
type Audit = Omit<AuditReport, 'apiCalls'>;

/** The facts about a sweep that its report does not hold. */
export interface SweepFrame
  extends Pick<SweepResult, 'account' | 'region' | 'at' | 'runbookBaseUrl' | 'acknowledgeFunctionArn'> {
  /** The sweep's own memory of its suspects. */
  readonly store: AlertStore;
  readonly audit?: AuditReport | undefined;
}

/** Gathers the findings of a sweep that ran to its end. A look that failed once is final here: nobody looks again. */
export async function resultOf(
  report: SweepReport,
  { store, audit, ...frame }: SweepFrame,
): Promise<SweepResult> {
  const looks = await Promise.all(
    report.suspects.map(async (suspect) => ({
      suspect,
      trouble: (await store.read(suspect.secretArn))?.trouble,
    })),
  );
  return {
    ...frame,
    observed: report.tally.observed,
    suspects: report.suspects.length,
    inProgress: report.tally.inProgress,
    replicas: replicasBeside(report.tally, () => false),
    findings: looks.flatMap(({ suspect, trouble }) => speaking(suspect, trouble, frame)).sort(byGravity),
    unverifiable: looks.flatMap(({ suspect: { secretArn, secretName }, trouble }) =>
      trouble === undefined ? [] : [{ secretArn, secretName, reason: trouble.reason }],
    ),
    audit: audit && { incomplete: audit.incomplete, findings: [...audit.findings].sort(byWeight) },
    apiCalls: report.apiCalls + report.dailyApiCalls + (audit?.apiCalls ?? 0),
  };
}

function speaking(
  { secretArn, secretName, findings }: SuspectReport,
  trouble: Trouble | undefined,
  { at, region }: Pick<SweepFrame, 'at' | 'region'>,
): readonly SecretFinding[] {
  const [first = trouble && unverifiable({ ...trouble, secretName, secretArn, region }, at)] = findings;
  const isUnconfirmed = trouble !== undefined && first?.code !== 'unverifiable';
  return first === undefined ? [] : [{ ...first, secretArn, secretName, isUnconfirmed }];
}

/** Gravest first, then in the order of the register, then by name. */
const byWeight = (a: AuditedSecret, b: AuditedSecret): number =>
  rankOf(b.severity) - rankOf(a.severity) ||
  AUDIT_CODES.indexOf(a.code) - AUDIT_CODES.indexOf(b.code) ||
  (a.secretName < b.secretName ? -1 : 1);

const byGravity = (a: SecretFinding, b: SecretFinding): number =>
  rankOf(b.severity) - rankOf(a.severity) || a.since - b.since || (a.secretName < b.secretName ? -1 : 1);

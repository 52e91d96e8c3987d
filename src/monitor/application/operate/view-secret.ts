import { DAY, HOUR, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import { type Alert, fingerprintOf, isOpen } from '../../domain/alert/alert.ts';
import type { Facts } from '../../domain/detect/detector.ts';
import { verdictsOf } from '../../domain/detect/judge.ts';
import { FINDINGS } from '../../domain/detect/register.ts';
import { type Examination, spanAround, spanBefore } from '../../domain/examine/examination.ts';
import type { FunctionInspection, Unseen } from '../../domain/examine/function-inspection.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';
import type { Advice, ExplainedFinding, Finding } from '../../domain/finding/finding.ts';
import { factsOf } from '../../domain/look/explained-findings.ts';
import { type JudgedLook, judgeLook } from '../../domain/look/judge-look.ts';
import type { JudgingContext, Look } from '../../domain/look/look.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { VersionDates } from '../../domain/rotation/previous-version.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { pendingApart } from '../../domain/secret/version-stage.ts';
import { eventsArrive } from '../../domain/state/awaited-event.ts';
import { freshState, type SecretState } from '../../domain/state/secret-state.ts';
import { EventHistoryError } from '../../ports/look/event-history.ts';
import type { RememberedSecret } from '../../ports/store/monitor-memory.ts';
import { judgingContext } from '../look/check-secret.ts';
import { inspectFunction } from '../look/examiner.ts';
import { requestsOf } from '../look/look-at-secret.ts';
import { changeLookUp } from '../look/look-up-changes.ts';
import type { Service } from '../service.ts';
import { type FindingLost, recordedEvidence } from '../sweep/find-lost-evidence.ts';

/** Parts of the service that look at a secret on demand. */
export type Viewing = FindingLost & Pick<Service, 'catalog' | 'inspector' | 'settings'>;

/** An open alert of the monitor that a look can neither confirm nor end. */
export interface ReportedAlert extends Pick<Alert, 'code' | 'severity' | 'since'> {
  /** One sentence about what is wrong. */
  readonly meaning: string;
  /** The first thing to do about it. */
  readonly remedy: string;
}

/** All that can be known about one secret now. */
export interface SecretView {
  readonly at: Instant;
  readonly secret: Secret;
  /** The labelled versions by id. */
  readonly versions: Readonly<Record<string, VersionDates>>;
  readonly facts: Facts;
  readonly verdicts: ReturnType<typeof verdictsOf>;
  /** In order of precedence. */
  readonly findings: readonly ExplainedFinding[];
  /** Alerts of the monitor that rest on facts nobody else has, such as leases. */
  readonly reported: readonly ReportedAlert[];
  /** Undefined where there is no rotation function, or nobody may look at it. */
  readonly inspection: FunctionInspection | undefined;
  readonly history: SecretHistory;
  /** The deployed monitor's memory of it; undefined where no monitor was asked. */
  readonly remembered: RememberedSecret | undefined;
}

/**
 * Looks at one secret as closely as the caller's permissions allow, and judges it as the monitor does. Nothing is
 * stored and nothing is sent. Failures of the catalog are its errors; what else is refused is named in the view.
 */
export async function viewSecret(
  service: Viewing,
  secret: Secret,
  remembered: RememberedSecret | undefined,
): Promise<SecretView> {
  const at = service.clock.now();
  const versions = await requestsOf(service.catalog, secret.arn);
  const state = remembered?.state ?? freshState(secret.arn, secret.name, secret);
  const createdAt = datesOf(versions);
  const pending = pendingApart(secret.versionStages);
  const since = pending === undefined ? undefined : (createdAt[pending] ?? state.pending?.firstSeenAt);
  const history = await secretHistory(service, secret, since);
  const look: Look = { kind: 'confirmed', secret, createdAt, requests: versions };
  const context = contextOf(service, { at, history, remembered });
  const first = judgeLook(state, look, context);
  const examination = await examined(service, secret, { at, judged: first });
  const seen = { ...context, examination };
  const { state: after, findings } = judgeLook(state, look, seen);
  const facts = factsOf(after, secret, seen);
  const { inspection } = examination;
  return {
    at,
    secret,
    versions,
    facts,
    verdicts: verdictsOf(facts, at),
    findings,
    reported: after.alerts.filter((alert) => isOnlyReported(alert, after, findings)).map(reportedAlert),
    inspection,
    history,
    remembered,
  };
}

/** Returns the advice about the worst that is wrong. */
export const adviceOf = ({ findings: [finding], reported }: SecretView): readonly Advice[] =>
  finding?.advice ?? reported.map(({ remedy }) => ({ text: remedy, commands: [] }));

/** Whether people were alerted, nothing is found now that says the same, and nothing shows that it is over. */
const isOnlyReported = (alert: Alert, { subject }: SecretState, findings: readonly Finding[]): boolean =>
  isOpen(alert) &&
  alert.toldSeverity !== undefined &&
  alert.clearSince === undefined &&
  !findings.some((finding) => fingerprintOf(subject, finding) === alert.fingerprint);

const reportedAlert = ({ code, severity, since }: Alert): ReportedAlert => {
  const { meaning = '', remedy = '' } = FINDINGS.find((each) => each.code === code) ?? {};
  return { code, severity, since, meaning, remedy };
};

interface Known extends Pick<SecretView, 'at' | 'history' | 'remembered'> {}

function contextOf({ settings }: Viewing, { at, history, remembered }: Known): JudgingContext {
  const policyDefaults = remembered?.policyDefaults ?? settings.policyDefaults;
  const known = {
    evidence: history.evidence,
    baseline: false,
    eventsArrive: eventsArrive(remembered?.target, at),
  };
  return judgingContext({ ...settings, policyDefaults }, known, at);
}

interface Judged {
  readonly at: Instant;
  readonly judged: JudgedLook;
}

/** Looks at the rotation function and at what changed before, whether or not anything was said about it already. */
async function examined(
  { inspector, history }: Viewing,
  secret: Secret,
  { at, judged: { findings } }: Judged,
): Promise<Examination> {
  const [finding] = findings;
  const functionArn = secret.rotationFunctionArn;
  const span = finding === undefined ? { from: later(at, -HOUR), until: at } : spanAround(finding, at);
  const inspection =
    inspector === undefined || functionArn === undefined
      ? undefined
      : await inspectFunction(inspector, { functionArn, now: at, span });
  if (history === undefined || finding === undefined)
    return { inspection, changes: undefined, changesUnseen: undefined };
  const roleName = inspection?.configuration?.roleName;
  return {
    inspection,
    ...(await changeLookUp(history)({ secret, roleName, span: spanBefore(finding, at) })),
  };
}

const datesOf = (versions: SecretView['versions']): Readonly<Record<string, Instant>> =>
  Object.fromEntries(
    Object.entries(versions).flatMap(([id, { createdAt }]) =>
      createdAt === undefined ? [] : [[id, createdAt]],
    ),
  );

/** CloudTrail's records about one secret. */
interface SecretHistory {
  /** Facts of its rotation since the pending version was made. */
  readonly evidence: readonly Evidence[];
  /** Calls that changed it, newest first: the first page of the last days. */
  readonly calls: readonly RecordedCall[];
  /** The reason why the history could not be read; undefined when it could, or when the monitor may not look. */
  readonly unseen: Unseen | undefined;
}

/** Attempts end after about a day; later records are about calls, not about attempts. */
const ATTEMPTS_MS: number = 2 * DAY;
/** Age of the oldest calls that are shown. */
const CALLS_MS: number = 7 * DAY;

const NOTHING: SecretHistory = { evidence: [], calls: [], unseen: undefined };

/** Reads what CloudTrail has recorded about a secret; what is refused is named in the answer. */
async function secretHistory(
  service: FindingLost & Pick<Service, 'clock'>,
  secret: Secret,
  pendingSince: Instant | undefined,
): Promise<SecretHistory> {
  const { history, clock } = service;
  if (history === undefined) return NOTHING;
  const now = clock.now();
  try {
    const evidence =
      pendingSince === undefined
        ? []
        : await recordedEvidence(service, secret, attemptsOf(pendingSince, now));
    const span = { from: later(now, -CALLS_MS), until: now };
    const { found } = await history.callsOn({ name: secret.arn, isGlobal: false }, span);
    return { evidence, calls: found, unseen: undefined };
  } catch (error) {
    if (!(error instanceof EventHistoryError)) throw error;
    return { ...NOTHING, unseen: { permission: 'cloudtrail:LookupEvents', reason: error.reason } };
  }
}

const attemptsOf = (since: Instant, now: Instant): TimeSpan => ({
  from: since,
  until: instant(Math.min(now, since + ATTEMPTS_MS)),
});

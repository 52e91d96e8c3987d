import { DAY, type Instant, instant, later, MINUTE, parseInstant } from '../../../../calendar/instant.ts';
import { judgeAudit } from '../../audit/register.ts';
import { sightOf } from '../../history/secret-sight.ts';
import { isReplica, type Secret } from '../../secret/secret.ts';
import { currentVersion } from '../../secret/version-stage.ts';
import type { ChangeEntry } from '../change-entry.ts';
import { judgeControls } from '../controls/register.ts';
import type { SecretAudit } from '../secret-audit.ts';
import type { AuditFrame, SecretFacts } from './facts.ts';
import { agesOf, figuresOf } from './figures.ts';
import { listedRotations, rotationsOf } from './rotations.ts';
import { type LifeSpan, lifeOf, type SecretLife } from './secret-life.ts';
import { type ClosedWindow, closedWindows, hasOpened } from './windows.ts';

/** One secret of an audit. */
export interface AuditedSecret {
  /** Undefined for a secret that was not there in the period at all. */
  readonly row: SecretAudit | undefined;
  /** All changes that history keeps, those outside the period too. */
  readonly changes: readonly ChangeEntry[];
}

/** Puts together what a report says about one secret. */
export function auditSecret(facts: SecretFacts, frame: AuditFrame): AuditedSecret {
  const { secret, sight, changes } = facts;
  const { readAt, historySince } = frame;
  const { arn: secretArn, createdAt, deletedAt } = secret;
  const now = stateNow(facts, readAt);
  const life = lifeOf({ secretArn, createdAt, deletedAt, changes, sight, historySince, now, readAt });
  return { row: rowOf(facts, frame, life), changes: life.changes };
}

function rowOf(facts: SecretFacts, frame: AuditFrame, life: SecretLife): SecretAudit | undefined {
  const { secret, changes } = facts;
  const { period, readAt } = frame;
  const at = instant(Math.min(period.to, readAt));
  const spans = within(life.spans, { from: period.from, to: at });
  if (spans.every(({ state }) => !state.isThere)) return undefined;
  const shown = frame.historySince === undefined ? [] : lastShown(secret, changes);
  const rotations = rotationsOf([...facts.records, ...listedRotations([...changes, ...shown])]);
  const replaced = changes.filter(({ kind }) => kind === 'value-changed').map((entry) => entry.at);
  const completed = rotations.flatMap(({ outcome, endedAt }) =>
    outcome === 'succeeded' && endedAt !== undefined ? [endedAt] : [],
  );
  const last = spans.at(-1)?.state ?? stateNow(facts, readAt);
  const windows = closedWindows(life.spans, withLast(completed, secret), replaced).filter(
    ({ closesAt }) => closesAt >= period.from && closesAt < at,
  );
  const ages = agesOf({
    facts,
    completed,
    replaced,
    at,
    from: period.from,
    historySince: frame.historySince,
  });
  const isInPeriod = (moment: Instant | undefined): boolean =>
    moment !== undefined && moment >= period.from && moment < period.to;
  const gone = deletionOf(life.changes, secret, at);
  const endsUnseen = gone !== undefined && isUnseenEnd(facts, { gone, spans, completed });
  const figures: Omit<SecretAudit, 'controls'> = {
    ...head(facts, last, gone),
    ...figuresOf({
      facts,
      frame,
      rotations,
      windows,
      at,
      exposedUntil: gone ?? at,
      ages,
      last,
      isInPeriod,
      endsUnseen,
    }),
    changes: life.changes.filter((entry) => isInPeriod(entry.at)),
    exceptions: facts.exceptions.filter(
      ({ grantedAt, until }) => grantedAt < period.to && until > period.from,
    ),
    silence: silenceAt(last.silence, at),
    findings: judgeAudit({ secret, currentMadeAt: facts.currentMadeAt, limits: frame.limits }, readAt),
  };
  if (figures.coverage === 'excluded') return { ...figures, controls: [] };
  const isBehind = isBehindAt(at, { windows, completed, secret, historySince: frame.historySince });
  const { oldestMs: oldestAgeMs, isOldestWhole } = ages;
  const { controls: parameters } = frame;
  const { isGone = false } = facts;
  const control = { secret, isGone, figures, oldestAgeMs, isOldestWhole, isBehind, parameters, at };
  return { ...figures, controls: judgeControls(control, facts) };
}

/**
 * Whether the last window that closed has had no rotation since. Where no history covers it, a rotation that came later
 * hides an earlier one: undefined then. Otherwise NextRotationDate shows it.
 */
function isBehindAt(
  at: Instant,
  {
    windows,
    completed,
    secret: { lastRotatedAt },
    historySince,
  }: {
    readonly windows: readonly ClosedWindow[];
    readonly completed: readonly Instant[];
    readonly secret: Secret;
    readonly historySince: Instant | undefined;
  },
): boolean | undefined {
  const last = windows.at(-1);
  if (last?.isMissed !== true) return false;
  if (historySince !== undefined && historySince <= last.closesAt) {
    return !completed.some((end) => end > last.closesAt && end < at);
  }
  return lastRotatedAt !== undefined && lastRotatedAt >= at ? undefined : false;
}

/** A secret that was listed is as it is now; one that is gone has been so since it was found to be. */
function stateNow({ secret, isGone = false }: SecretFacts, readAt: Instant): LifeSpan['state'] {
  const { rotationOn, schedule, owner, silence, deletedAt } = sightOf(secret, readAt);
  return { isThere: deletedAt === undefined && !isGone, rotationOn, schedule, owner, silence };
}

/** The last rotation that the list of the audit itself shows, when no sweep has kept it yet. */
function lastShown(
  { arn: secretArn, lastRotatedAt: at, versionStages }: Secret,
  changes: readonly ChangeEntry[],
): readonly ChangeEntry[] {
  const isKept = changes.some((entry) => entry.kind === 'rotation-listed' && entry.at === at);
  if (at === undefined || isKept) return [];
  return [{ secretArn, kind: 'rotation-listed', at, after: currentVersion(versionStages) }];
}

const within = (
  spans: readonly LifeSpan[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly LifeSpan[] => spans.filter((span) => span.from < to && span.to > from);

/** LastRotatedDate counts where history does not reach. */
const withLast = (completed: readonly Instant[], { lastRotatedAt }: Secret): readonly Instant[] =>
  lastRotatedAt === undefined || completed.some((at) => Math.abs(at - lastRotatedAt) < 10 * MINUTE)
    ? completed
    : [...completed, lastRotatedAt].sort((a, b) => a - b);

/** The last deletion that was not taken back before the end of the period. */
function deletionOf(
  changes: readonly ChangeEntry[],
  { deletedAt }: Secret,
  at: Instant,
): Instant | undefined {
  const last = changes.findLast(
    (entry) => entry.at < at && ['deletion-scheduled', 'deleted', 'restored'].includes(entry.kind),
  );
  if (last !== undefined) return last.kind === 'restored' ? undefined : last.at;
  return deletedAt !== undefined && deletedAt < at ? deletedAt : undefined;
}

/** The end of a secret, and what its life was until then. */
interface Ending {
  readonly gone: Instant;
  readonly spans: readonly LifeSpan[];
  readonly completed: readonly Instant[];
}

/** Whether a secret was deleted at once while it may have rotated: no list shows what came after the last sweep. */
function isUnseenEnd({ isGone, changes }: SecretFacts, { gone, spans, completed }: Ending): boolean {
  const isAtOnce = changes.some(({ kind, at }) => kind === 'deleted' && at === gone);
  const last = spans.findLast(({ state }) => state.isThere);
  return isGone === true && isAtOnce && last !== undefined && hasOpened(last, completed, gone);
}

type Head = Pick<
  SecretAudit,
  | 'secretArn'
  | 'secretName'
  | 'account'
  | 'region'
  | 'owner'
  | 'coverage'
  | 'coverageReason'
  | 'createdAt'
  | 'deletedAt'
  | 'rotationEnabled'
  | 'schedule'
>;

function head(
  { secret, trouble }: SecretFacts,
  { rotationOn, schedule, owner }: LifeSpan['state'],
  deletedAt: Instant | undefined,
): Head {
  const reason = isReplica(secret)
    ? `It is a replica of a secret in ${secret.primaryRegion}, which is audited there.`
    : trouble;
  const coverage = isReplica(secret) ? 'excluded' : trouble === undefined ? 'checked' : 'unverifiable';
  return {
    secretArn: secret.arn,
    secretName: secret.name,
    account: secret.account,
    region: secret.region,
    owner,
    coverage,
    coverageReason: reason,
    createdAt: secret.createdAt,
    deletedAt,
    rotationEnabled: rotationOn,
    schedule,
  };
}

/** The silence that a text such as `2026-12-31: moves next week` asks for, while it is in force. */
function silenceAt(text: string | undefined, at: Instant): SecretAudit['silence'] {
  const [, day = '', reason = ''] = /^(\d{4}-\d{2}-\d{2}): (.+)$/.exec(text ?? '') ?? [];
  const start = parseInstant(`${day}T00:00:00Z`);
  const until = start && later(start, DAY);
  return until === undefined || until <= at ? undefined : { until, reason };
}

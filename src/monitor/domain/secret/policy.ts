import {
  DAY,
  HOUR,
  type Instant,
  instant,
  later,
  MINUTE,
  parseDuration,
  parseInstant,
  SECOND,
} from '../../../calendar/instant.ts';
import { parseRotationSchedule } from '../../../calendar/rotation-schedule.ts';
import { isManagedRotation, type Secret } from './secret.ts';

/** The ways in which the target of a rotation keeps its users. */
export const STRATEGIES = ['single-user', 'alternating-users'] as const;

/** A strategy, or that nobody has said which. */
export type Strategy = (typeof STRATEGIES)[number] | 'unknown';

/**
 * The rules by which a secret is judged: the settings, overridden by the secret's own tags. Durations are in
 * milliseconds.
 */
export interface Policy {
  /** A pending version older than this is stuck; already bounded by the secret's own rotation window. */
  readonly stuckAfterMs: number;
  /** Time past NextRotationDate after which a rotation is overdue. */
  readonly overdueGraceMs: number;
  /** Greatest age of the value in use, whoever rotates it; undefined where no change is expected. */
  readonly expectEveryMs?: number | undefined;
  /** Time that a failed createSecret or setSecret (or an unknown step) may take to heal. */
  readonly failedGraceMs: number;
  /** Time that a failed testSecret or finishSecret may take to heal. */
  readonly splitGraceMs: number;
  /** Longest time a replica may be in progress. */
  readonly replicationAfterMs: number;
  /** Time that consumers with a lease have to confirm a new version. */
  readonly confirmAfterMs: number;
  /** Strategy of the target's users; only `alternating-users` keeps the credential in use alive after testSecret. */
  readonly strategy: Strategy;
  /** Whether the settings, which nobody changes by a tag, say that users alternate. */
  readonly strategyIsSet: boolean;
  /** Route of the alert; one of the owners the settings allow. */
  readonly owner: string | undefined;
  /** A silence its tags ask for; the judgement decides whether it is in force. */
  readonly silence: { readonly until: Instant; readonly reason: string } | undefined;
}

/** The settings about judging. Durations are in milliseconds. */
export interface PolicyDefaults {
  /** Limit for secrets with a rotation function. */
  readonly stuckAfterMs: number;
  /** Limit for secrets that Secrets Manager rotates itself. */
  readonly managedStuckAfterMs: number;
  readonly overdueGraceMs: number;
  /** Greatest age of the value in use, whoever rotates it; undefined where no change is expected. */
  readonly expectEveryMs?: number | undefined;
  readonly failedGraceMs: number;
  readonly splitGraceMs: number;
  readonly replicationAfterMs: number;
  readonly confirmAfterMs: number;
  /** Writers that are allowed outside rotations: ARNs, or beginnings of ARNs with `*` behind them. */
  readonly expectedWriters: readonly string[];
  /** Names of secrets whose users alternate; with `*` at the end, all that begin so. */
  readonly alternatingUsers: readonly string[];
  /** Owners a tag may choose from. */
  readonly owners: readonly string[];
}

/** Form of a setting about judging; durations are in milliseconds. */
export type PolicyKind = 'duration' | 'duration or none' | 'names';

/** The settings about judging, for whoever hands them on whole or reads them back. */
export const POLICY_KINDS: Readonly<Record<keyof PolicyDefaults, PolicyKind>> = {
  stuckAfterMs: 'duration',
  managedStuckAfterMs: 'duration',
  overdueGraceMs: 'duration',
  expectEveryMs: 'duration or none',
  failedGraceMs: 'duration',
  splitGraceMs: 'duration',
  replicationAfterMs: 'duration',
  confirmAfterMs: 'duration',
  expectedWriters: 'names',
  alternatingUsers: 'names',
  owners: 'names',
};

/** A tag that was not understood and therefore ignored. */
export interface PolicyFault {
  readonly tag: string;
  /** Form of an acceptable text. */
  readonly expected: string;
}

/** Common beginning of all tags of the monitor. */
export const TAG_PREFIX = 'rotation-monitor:';

/** Anyone with TagResource writes tags: no tag may put judging off for longer than this. */
const LONGEST_BY_TAG_MS = 7 * 24 * HOUR;

const LONGEST_INTERVAL_MS = 400 * DAY;

type TagValue = string | undefined;

interface Derived {
  readonly defaults: PolicyDefaults;
  readonly policy: Policy;
}

/** Policies of secrets, for as long as somebody holds the secret: a sweep asks for each several times. */
const derived = new WeakMap<Secret, Derived>();

/** The policy of one secret: tags over settings, and no threshold longer than the secret's rotation window. */
export function policyFor(secret: Secret, defaults: PolicyDefaults): Policy {
  const known = derived.get(secret);
  if (known?.defaults === defaults) return known.policy;
  const policy = policyOf(secret, defaults);
  derived.set(secret, { defaults, policy });
  return policy;
}

function policyOf(secret: Secret, defaults: PolicyDefaults): Policy {
  const strategyIsSet = defaults.alternatingUsers.some((name) => isNamed(secret, name));
  const usual = isManagedRotation(secret) ? defaults.managedStuckAfterMs : defaults.stuckAfterMs;
  return {
    stuckAfterMs: Math.min(durationOf(tag(secret, 'stuck-after')) ?? usual, windowMs(secret)),
    overdueGraceMs: durationOf(tag(secret, 'grace')) ?? defaults.overdueGraceMs,
    expectEveryMs: intervalOf(tag(secret, 'expect-every')) ?? defaults.expectEveryMs,
    failedGraceMs: defaults.failedGraceMs,
    splitGraceMs: defaults.splitGraceMs,
    replicationAfterMs: durationOf(tag(secret, 'replication-after')) ?? defaults.replicationAfterMs,
    confirmAfterMs: durationOf(tag(secret, 'confirm-after')) ?? defaults.confirmAfterMs,
    strategy: oneOf(STRATEGIES, tag(secret, 'strategy')) ?? (strategyIsSet ? 'alternating-users' : 'unknown'),
    strategyIsSet,
    owner: oneOf(defaults.owners, tag(secret, 'owner')),
    silence: silenceIn(secret),
  };
}

/** Returns the strategy by the secret's tag alone, whatever the settings say. */
export const strategyTag = (secret: Pick<Secret, 'tags'>): Strategy =>
  oneOf(STRATEGIES, tag(secret, 'strategy')) ?? 'unknown';

const isNamed = ({ name }: Secret, wanted: string): boolean =>
  wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;

/** The tags of a secret that {@link policyFor} had to ignore. */
export function policyFaults(secret: Secret, { owners }: PolicyDefaults): readonly PolicyFault[] {
  const duration = 'a duration from 1m to 7d such as 30m';
  const readers = [
    ['stuck-after', durationOf, duration],
    ['grace', durationOf, duration],
    ['expect-every', intervalOf, 'a duration from 1h to 400d such as 90d'],
    ['replication-after', durationOf, duration],
    ['confirm-after', durationOf, duration],
    ['strategy', (value: TagValue) => oneOf(STRATEGIES, value), `one of ${STRATEGIES.join(', ')}`],
    ['owner', (value: TagValue) => oneOf(owners, value), 'one of the owners in the settings'],
    ['silence-until', () => silenceIn(secret), SILENCE_EXPECTED],
  ] as const;
  return readers
    .filter(([suffix, read]) => tag(secret, suffix) !== undefined && read(tag(secret, suffix)) === undefined)
    .map(([suffix, , expected]) => ({ tag: `${TAG_PREFIX}${suffix}`, expected }));
}

const SUFFIXES = [
  'stuck-after',
  'grace',
  'expect-every',
  'replication-after',
  'confirm-after',
  'strategy',
  'owner',
  'silence-until',
  'silence-reason',
] as const;

/** Whole names, made once: a sweep looks for each of them at every secret. */
const TAGS: ReadonlyMap<string, string> = new Map(SUFFIXES.map((suffix) => [suffix, TAG_PREFIX + suffix]));

const tag = ({ tags }: Pick<Secret, 'tags'>, suffix: (typeof SUFFIXES)[number]): TagValue =>
  tags[TAGS.get(suffix) ?? ''];

function durationOf(value: TagValue): number | undefined {
  const ms = value === undefined ? undefined : parseDuration(value);
  return ms !== undefined && ms >= MINUTE && ms <= LONGEST_BY_TAG_MS ? ms : undefined;
}

/** Parses the interval within which a value is expected to change: longer than any threshold. */
function intervalOf(value: TagValue): number | undefined {
  const ms = value === undefined ? undefined : parseDuration(value);
  return ms !== undefined && ms >= HOUR && ms <= LONGEST_INTERVAL_MS ? ms : undefined;
}

const SILENCE_EXPECTED = `a day such as 2026-12-31, with a reason in ${TAG_PREFIX}silence-reason`;

/** Reads the silence that tags ask for: it lasts until the end of its day, in UTC, and has to give a reason. */
export function silenceIn(secret: Pick<Secret, 'tags'>): Policy['silence'] {
  const day = tag(secret, 'silence-until')?.trim();
  const reason = tag(secret, 'silence-reason')?.trim();
  const start = day === undefined ? undefined : parseInstant(`${day}T00:00:00Z`);
  if (start === undefined || reason === undefined || reason === '') return undefined;
  return { until: later(start, DAY), reason };
}

const oneOf = <T extends string>(allowed: readonly T[], value: TagValue): T | undefined =>
  allowed.find((known) => known === value?.trim());

/** Length of the rotation window; infinite where there is no readable schedule. */
function windowMs({ rotationRules, nextRotationAt, lastRotatedAt }: Secret): number {
  const [, hours] = /^(\d{1,2})h$/.exec(rotationRules?.duration ?? '') ?? [];
  if (hours !== undefined && Number(hours) > 0) return Number(hours) * HOUR;
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  if (schedule === undefined || 'fault' in schedule) return Number.POSITIVE_INFINITY;
  const { opensAt, closesAt } = schedule.next(nextRotationAt ?? lastRotatedAt ?? instant(0));
  return closesAt - opensAt + SECOND;
}

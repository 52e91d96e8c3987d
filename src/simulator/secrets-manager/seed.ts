import { HOUR, type Instant, later } from '../../calendar/instant.ts';
import type { Window } from '../../calendar/rotation-schedule.ts';
import { parseRules } from './rotation/rotate-secret.ts';
import { firstWindow } from './rotation/rotation-dates.ts';
import type { RotationEngine } from './rotation/rotation-engine.ts';
import type { RotationFunctions } from './rotation/rotation-function.ts';
import type { Core } from './store/core.ts';
import {
  newState,
  type ReplicaStatus,
  type Rotation,
  type Secret,
  type SecretState,
} from './store/secret.ts';
import { TargetDatabase, type TargetDatabases } from './store/target-database.ts';
import {
  CURRENT,
  emptyVersion,
  holderOf,
  PENDING,
  type RotationStep,
  type SecretVersion,
} from './store/version-stages.ts';

/** A version to put in; without a value it is a rotation's empty placeholder. */
interface SeedVersion {
  /** Drawn by chance when not given. */
  readonly id?: string;
  readonly stages: readonly string[];
  /** A made-up credential when not given; `null` for none. */
  readonly value?: string | null;
  readonly createdAt?: Instant;
  /** Midnight UTC of the day of its last read; the latest of all versions is the secret's own. */
  readonly accessedOn?: Instant;
  readonly stepReached?: RotationStep;
}

/** A secret to put in as if it had been there all along: no event reports it. */
export interface SeedSecret {
  readonly name: string;
  /** The six characters at the end of the ARN; drawn by chance when not given. */
  readonly arnSuffix?: string;
  readonly kind: 'function' | 'managed' | 'replica' | 'none';
  /** Name or ARN of the rotation function. */
  readonly function?: string;
  /** A rate() or cron() expression, or a number of days. */
  readonly schedule?: string | number;
  readonly duration?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** The account's own key when not given. */
  readonly kmsKeyId?: string;
  /** False for rotation that was turned off; true when not given. */
  readonly rotationEnabled?: boolean;
  readonly createdAt?: Instant;
  readonly changedAt?: Instant;
  readonly lastRotatedAt?: Instant;
  /** Instead of the date that the schedule leads to, such as one in the past. */
  readonly nextRotationAt?: Instant;
  readonly deletedAt?: Instant;
  /** `rds` for a managed secret when not given. */
  readonly owningService?: string;
  /** Region of a replica's primary, another one than ours. */
  readonly primaryRegion?: string;
  readonly replicas?: readonly ReplicaStatus[];
  /** One AWSCURRENT version when not given. */
  readonly versions?: readonly SeedVersion[];
  /** Labels of the versions whose value logs in; AWSCURRENT when not given. */
  readonly databaseAccepts?: readonly string[];
}

/** Dependencies of seeding. */
export interface SeedParts {
  readonly core: Core;
  readonly engine: RotationEngine;
  readonly functions: RotationFunctions;
  readonly databases: TargetDatabases;
}

/** Puts a secret in and plans its next rotation. */
export function seedSecret(parts: SeedParts, seed: SeedSecret): Secret {
  const { core, engine, databases } = parts;
  const secret = core.store.seed(seed.name, seededState(parts, seed), seed.arnSuffix);
  if (seed.databaseAccepts !== undefined) {
    databases.place(secret.arn, acceptingDatabase(secret.state, seed.databaseAccepts));
  }
  if (secret.state.rotation?.enabled) engine.plan(secret);
  return secret;
}

function seededState(parts: SeedParts, seed: SeedSecret): SecretState {
  const now = parts.core.clock.now();
  const createdAt = seed.createdAt ?? now;
  const versions = seed.versions ?? [{ stages: [CURRENT] }];
  return {
    ...newState(createdAt),
    description: seed.description,
    kmsKeyId: seed.kmsKeyId,
    tags: Object.entries(seed.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    versions: versions.map((version) => seededVersion(parts.core, version, createdAt)),
    changedAt: seed.changedAt ?? seed.lastRotatedAt ?? createdAt,
    deletedAt: seed.deletedAt,
    accessedOn: lastOf(versions.flatMap(({ accessedOn }) => accessedOn ?? [])),
    rotation: seededRotation(parts, seed, now),
    owningService: seed.kind === 'managed' ? (seed.owningService ?? 'rds') : seed.owningService,
    primaryRegion: seededPrimaryRegion(parts.core, seed),
    replicas: seed.replicas ?? [],
  };
}

const lastOf = (days: readonly Instant[]): Instant | undefined => [...days].sort((a, b) => b - a)[0];

function seededVersion({ random }: Core, seed: SeedVersion, createdAt: Instant): SecretVersion {
  const text = seed.value === undefined ? madeUpCredential(random.letters(20)) : seed.value;
  return {
    ...emptyVersion(seed.id ?? random.uuid(), seed.createdAt ?? createdAt),
    stages: seed.stages,
    value: text === null ? undefined : { field: 'SecretString', text },
    accessedOn: seed.accessedOn,
    consumedOn: seed.accessedOn,
    byRotation: seed.stages.includes(PENDING),
    stepReached: seed.stepReached,
  };
}

function seededRotation({ functions }: SeedParts, seed: SeedSecret, now: Instant): Rotation | undefined {
  if (seed.kind === 'none' || seed.kind === 'replica') return undefined;
  const days = typeof seed.schedule === 'number' ? seed.schedule : undefined;
  const expression = typeof seed.schedule === 'string' ? seed.schedule : undefined;
  const rules = { automaticallyAfterDays: days, scheduleExpression: expression, duration: seed.duration };
  const scheduled = seed.schedule === undefined ? undefined : parseRules(rules);
  const rotation = {
    enabled: seed.rotationEnabled ?? true,
    functionArn:
      seed.function === undefined ? undefined : (functions.find(seed.function)?.arn ?? seed.function),
    rules: scheduled?.rules,
    schedule: scheduled?.schedule,
    derivedDays: undefined,
    lastRotatedAt: seed.lastRotatedAt,
    nextWindow: undefined,
  };
  return { ...rotation, nextWindow: seededWindow(rotation, seed.nextRotationAt, now) };
}

function seededWindow(rotation: Rotation, closesAt: Instant | undefined, now: Instant): Window | undefined {
  const window = firstWindow(rotation, now);
  if (closesAt === undefined) return window;
  const lengthMs = window === undefined ? HOUR : window.closesAt - window.opensAt;
  return { opensAt: later(closesAt, -lengthMs), closesAt };
}

function acceptingDatabase({ versions }: SecretState, labels: readonly string[]): TargetDatabase {
  const database = new TargetDatabase();
  for (const label of labels) {
    const value = holderOf(versions, label)?.value;
    if (value !== undefined) database.setPassword(value);
  }
  return database;
}

const madeUpCredential = (password: string) => JSON.stringify({ username: 'app', password });

function seededPrimaryRegion(core: Core, { kind, primaryRegion, replicas }: SeedSecret): string | undefined {
  if (kind === 'replica') return primaryRegion ?? otherRegion(core);
  return primaryRegion ?? (replicas === undefined ? undefined : core.home.region);
}

const otherRegion = ({ home }: Core) => (home.region === 'us-east-1' ? 'us-west-2' : 'us-east-1');

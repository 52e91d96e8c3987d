import { DAY, type Instant, instant } from '../../../calendar/instant.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { PopulationSketch } from '../../domain/history/population-sketch.ts';
import {
  type BetweenLooks,
  changesBetween,
  isSameSight,
  type SecretSight,
  sightOf,
} from '../../domain/history/secret-sight.ts';
import type { ChangeKind } from '../../domain/report/change-entry.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { currentVersion } from '../../domain/secret/version-stage.ts';
import type { MovesProgress } from '../../domain/sweep/moves-round.ts';
import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { PopulationRecord } from '../../ports/store/history-store.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

/** Parts of the service that keep history. */
export type KeepingHistory = Pick<Service, 'changes' | 'catalog' | 'clock' | 'log' | 'settings'>;

/** Secrets compared in parallel. */
const SECRETS_AT_ONCE = 10;

/**
 * Compares secrets of the list with their last sight, one read of the store for each, and keeps what changed. Rotations
 * are kept as the list shows them. Answers what failed.
 */
export const noteSights = (
  service: KeepingHistory,
  secrets: readonly Secret[],
  progress: MovesProgress | undefined,
): Promise<readonly unknown[]> =>
  forEachLimited(secrets, SECRETS_AT_ONCE, (secret) => noteSight(service, secret, progress?.since));

async function noteSight(service: KeepingHistory, secret: Secret, since: Instant | undefined): Promise<void> {
  const { changes, clock } = service;
  const now = clock.now();
  const before = await changes.readSight(secret, arnHash(secret.arn));
  const after = sightOf(secret, before?.firstSeenAt ?? now);
  if (before !== undefined && isSameSight(before, after)) return;
  const stretch = before && betweenLooks(before, secret, { since, now });
  await noteChanges(service, { before, after, secret, stretch });
}

/** Two sights of a secret. */
interface Compared {
  /** Undefined before the first look. */
  readonly before: SecretSight | undefined;
  readonly after: SecretSight;
  /** The secret as the later look saw it. */
  readonly secret: Secret;
  /** The stretch between the looks; undefined before the first. */
  readonly stretch: BetweenLooks | undefined;
}

/** Keeps what changed between two looks, the last rotation among it, and at the end the later look. */
async function noteChanges(
  service: KeepingHistory,
  { before, after, secret, stretch }: Compared,
): Promise<void> {
  const { changes } = service;
  const entries = before && stretch ? changesBetween(before, after, stretch) : [];
  for (const entry of entries) await changes.recordChange({ secretArn: secret.arn, ...entry });
  if (before?.lastRotatedAt !== after.lastRotatedAt) await noteRotation(service, secret);
  await changes.writeSight(after);
}

/** LastChangedDate is that of the last change of any kind: an earlier end of the stretch than the look. */
function betweenLooks(
  before: SecretSight,
  { lastChangedAt }: Secret,
  { since, now }: { readonly since: Instant | undefined; readonly now: Instant },
): BetweenLooks {
  const notBefore = instant(Math.max(since ?? 0, before.firstSeenAt));
  const isWithin = lastChangedAt !== undefined && lastChangedAt >= notBefore && lastChangedAt <= now;
  return { notBefore, at: isWithin ? lastChangedAt : now };
}

async function noteRotation({ changes }: KeepingHistory, secret: Secret): Promise<void> {
  const { arn: secretArn, lastRotatedAt: at, versionStages } = secret;
  if (at === undefined) return;
  await changes.recordChange({
    secretArn,
    kind: 'rotation-listed',
    at,
    after: currentVersion(versionStages),
  });
}

/** The population of a complete sweep. */
export interface ListedPopulation {
  readonly sketch: PopulationSketch;
  readonly secrets: number;
  readonly startedAt: Instant;
  /** Start of the last sweep whose list was kept; undefined before the first. */
  readonly lastAt: Instant | undefined;
}

/** Keeps which secrets came and went since the last complete sweep, and once a day how many there are. */
export async function notePopulation(service: KeepingHistory, listed: ListedPopulation): Promise<void> {
  const { changes, settings } = service;
  const { sketch, startedAt, secrets } = listed;
  const { account, region } = settings.target;
  const known = await changes.readPopulation(settings.target);
  const today = instant(Math.floor(startedAt / DAY) * DAY);
  if (known !== undefined) await noteDifference(service, listed, known);
  const isNewDay = known === undefined || known.countedOn < today;
  if (isNewDay) await changes.recordCount(settings.target, { at: startedAt, secrets });
  const { cells } = sketch;
  if (!isNewDay && isSame(cells, known.cells)) return;
  await changes.writePopulation({
    account,
    region,
    since: known?.since ?? startedAt,
    cells,
    countedOn: today,
  });
}

const isSame = (cells: readonly number[], others: readonly number[]): boolean =>
  cells.length === others.length && cells.every((cell, index) => cell === others[index]);

async function noteDifference(
  service: KeepingHistory,
  { sketch, startedAt, lastAt }: ListedPopulation,
  before: PopulationRecord,
): Promise<void> {
  const difference = sketch.since(new PopulationSketch(before.cells));
  if (difference === undefined) {
    const { account, region } = service.settings.target;
    const details = { account, region };
    service.log({ level: 'warn', message: 'Too many secrets came or went to name each', details });
    return;
  }
  const between = { notBefore: lastAt ?? before.since, at: startedAt };
  const errors = [
    ...(await forEachLimited(difference.removed, SECRETS_AT_ONCE, (hash) =>
      noteGone(service, hash, between),
    )),
    ...(await forEachLimited(difference.added, SECRETS_AT_ONCE, (hash) => noteBack(service, hash, between))),
  ];
  if (errors.length > 0) throw errors[0];
}

/** A secret that is listed no more: scheduled for deletion, gone, or left out of a list that lags. */
async function noteGone(service: KeepingHistory, hash: string, between: BetweenLooks): Promise<void> {
  const { catalog, changes, clock, settings } = service;
  const sight = await changes.readSight(settings.target, hash);
  if (sight === undefined || sight.deletedAt !== undefined) return;
  const secret = await catalog.describe(sight.arn);
  if (secret === undefined) return note(service, { ...sight, deletedAt: between.at }, 'deleted', between);
  const { deletedAt } = secret;
  if (deletedAt === undefined) return;
  const last = await lastOf(catalog, secret, sight);
  await changes.recordChange({ secretArn: sight.arn, kind: 'deletion-scheduled', at: deletedAt });
  const stretch = betweenLooks(sight, last, { since: between.notBefore, now: clock.now() });
  await noteChanges(service, {
    before: sight,
    after: sightOf(last, sight.firstSeenAt),
    secret: last,
    stretch,
  });
}

/**
 * A secret that is scheduled for deletion as it was before. The deletion ends its rotation, and a description shows the
 * last rotation only while rotation is on: the list keeps it.
 */
async function lastOf(
  catalog: Pick<SecretCatalog, 'listed'>,
  secret: Secret,
  { rotationOn, lastRotatedAt }: SecretSight,
): Promise<Secret> {
  const listed = secret.lastRotatedAt === undefined ? await catalog.listed(secret.arn) : secret;
  return {
    ...secret,
    rotationEnabled: rotationOn,
    lastRotatedAt: listed?.lastRotatedAt ?? lastRotatedAt,
  };
}

/** A secret that is listed again although it was gone. */
async function noteBack(service: KeepingHistory, hash: string, between: BetweenLooks): Promise<void> {
  const sight = await service.changes.readSight(service.settings.target, hash);
  if (sight?.deletedAt === undefined) return;
  await note(service, { ...sight, deletedAt: undefined }, 'restored', between);
}

async function note(
  { changes }: KeepingHistory,
  sight: SecretSight,
  kind: ChangeKind,
  when: { readonly at: Instant; readonly notBefore?: Instant },
): Promise<void> {
  await changes.recordChange({ secretArn: sight.arn, kind, ...when });
  await changes.writeSight(sight);
}

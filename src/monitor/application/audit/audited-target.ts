import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import { isOpen } from '../../domain/alert/alert.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { rulesOfText } from '../../domain/history/schedule-text.ts';
import type { SecretSight } from '../../domain/history/secret-sight.ts';
import type { Population, Uncovered } from '../../domain/report/audit-report.ts';
import { type AuditedSecret, auditSecret } from '../../domain/report/compute/audit-secret.ts';
import type { AuditFrame, SecretFacts } from '../../domain/report/compute/facts.ts';
import { PopulationTally } from '../../domain/report/compute/population.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import { isReplica, type Secret } from '../../domain/secret/secret.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { AuditingFleet, AuditRequest } from './audit-request.ts';
import { type LookedAt, lookCloser } from './look-closer.ts';
import { tallyingCatalog } from './tallying-catalog.ts';

/** Circumstances of one target within an audit. */
interface TargetFrame {
  readonly request: AuditRequest;
  readonly readAt: Instant;
  readonly historySince: Instant | undefined;
  /** Operation → calls, added up over all targets. */
  readonly calls: Record<string, number>;
}

/** Secrets read in parallel: a call each at most, far below ListSecretVersionIds' 50 a second, and two queries. */
const SECRETS_AT_ONCE = 8;
/** Counts are kept once a day. */
const COUNTED_WITHIN_MS: number = 2 * DAY;
/** So many replicas with unwatched primaries are named. */
const MOST_UNWATCHED = 1000;

/** The audit of one account and region: the secrets of its list, then those that are gone. */
export class AuditedTarget {
  readonly unwatchedPrimaries: Uncovered[] = [];
  readonly #service: AuditingFleet;
  readonly #request: AuditRequest;
  readonly #calls: Record<string, number>;
  readonly #frame: AuditFrame;
  readonly #population: PopulationTally;
  readonly #seen = new Set<string>();
  #critical: ReadonlySet<string> = new Set();
  #listed = 0;

  constructor(service: AuditingFleet, { request, readAt, historySince, calls }: TargetFrame) {
    this.#service = service;
    this.#request = request;
    this.#calls = calls;
    const { period, rules } = request;
    this.#frame = { ...rules, period, readAt, historySince, limits: service.settings.auditLimits };
    this.#population = new PopulationTally(service.settings.target, period);
  }

  /** The rows of the list in its order, page by page, then those of secrets that are listed no more. */
  async *rows(): AsyncGenerator<SecretAudit> {
    const { kept, settings } = this.#service;
    const open = (await kept?.store.open(settings.target)) ?? [];
    const isCritical = open.filter(({ alerts }) =>
      alerts.some((alert) => isOpen(alert) && alert.severity === 'CRITICAL'),
    );
    this.#critical = new Set(isCritical.map(({ subject }) => subject));
    const catalog = tallyingCatalog(this.#service.catalog, this.#calls);
    for await (const page of catalog.list({ withDeleted: true })) {
      const secrets = page.secrets.filter(({ arn }) => arn !== settings.canarySecretArn);
      this.#listed += secrets.filter(({ deletedAt }) => deletedAt === undefined).length;
      yield* this.#audited(secrets, (secret) => this.#listedRow(catalog, secret));
      this.#request.onPage?.(this.#seen.size);
    }
    if (kept === undefined) return;
    for await (const sights of kept.changes.sights(settings.target)) {
      const gone = sights.filter(({ arn }) => !this.#seen.has(arnHash(arn)));
      yield* this.#audited(gone, (sight) => this.#goneRow(sight));
    }
  }

  /** Returns the balance of secrets, once all rows were read. */
  async population(): Promise<Population> {
    const { kept, settings } = this.#service;
    const { period, readAt } = this.#frame;
    const { target } = settings;
    const before = await kept?.changes.counts(target, later(period.from, -COUNTED_WITHIN_MS), period.from);
    const within = await kept?.changes.counts(target, period.from, period.to);
    const after =
      period.to >= readAt
        ? undefined
        : await kept?.changes.counts(target, period.to, later(period.to, COUNTED_WITHIN_MS));
    const now = { at: instant(Math.max(readAt, period.to)), secrets: this.#listed };
    const listed = period.to >= readAt ? now : { ...now, at: readAt };
    return this.#population.between(before?.at(-1) ?? within?.[0], after?.[0] ?? listed);
  }

  /** Reads the facts of each in parallel and keeps their order. */
  async *#audited<T>(
    items: readonly T[],
    read: (item: T) => Promise<AuditedSecret & { readonly createdAt: Instant | undefined }>,
  ): AsyncGenerator<SecretAudit> {
    const found = new Map<T, SecretAudit>();
    const errors = await forEachLimited(items, SECRETS_AT_ONCE, async (item) => {
      const { row, changes, createdAt } = await read(item);
      this.#population.add({ createdAt, changes });
      if (row !== undefined) found.set(item, row);
    });
    if (errors.length > 0) throw errors[0];
    for (const item of items) {
      const row = found.get(item);
      if (row !== undefined) yield row;
    }
  }

  async #listedRow(catalog: AuditingFleet['catalog'], listed: Secret) {
    const { limits, readAt } = this.#frame;
    const hash = arnHash(listed.arn);
    this.#seen.add(hash);
    this.#noteReplica(listed);
    const looked = await lookCloser(catalog, listed, { limits, now: readAt });
    const sight = await this.#service.kept?.changes.readSight(listed, hash);
    return this.#row({ ...looked, sight });
  }

  #goneRow(sight: SecretSight) {
    const secret = goneSecret(sight);
    return this.#row({ secret, sight, isGone: true, currentMadeAt: undefined, trouble: undefined });
  }

  async #row(
    looked: LookedAt & Pick<SecretFacts, 'sight' | 'isGone'>,
  ): Promise<AuditedSecret & { readonly createdAt: Instant | undefined }> {
    const { kept } = this.#service;
    const { arn, createdAt } = looked.secret;
    const [records, changes] = await Promise.all([kept?.store.attempts(arn), kept?.changes.changes(arn)]);
    const facts = {
      ...looked,
      records: records ?? [],
      changes: changes ?? [],
      exceptions: this.#request.exceptions.filter(({ secretArn }) => secretArn === arn),
      isCritical: this.#critical.has(arn),
    };
    return { ...auditSecret(facts, this.#frame), createdAt };
  }

  #noteReplica(secret: Secret): void {
    const { arn, account, primaryRegion } = secret;
    if (!isReplica(secret) || this.unwatchedPrimaries.length >= MOST_UNWATCHED) return;
    const isWatched = this.#request.targets.some(
      (target) => target.account === account && target.region === primaryRegion,
    );
    if (isWatched) return;
    this.unwatchedPrimaries.push({
      what: arn,
      because: `Its primary is in ${primaryRegion}, which is not watched.`,
    });
  }
}

/** A secret that is listed no more, as it was last seen. */
const goneSecret = ({ schedule, ...sight }: SecretSight): Secret => ({
  account: sight.account,
  region: sight.region,
  arn: sight.arn,
  name: sight.name,
  createdAt: sight.createdAt,
  lastRotatedAt: sight.lastRotatedAt,
  rotationEnabled: sight.rotationOn,
  rotationFunctionArn: undefined,
  rotationRules: schedule === undefined ? undefined : rulesOfText(schedule),
  lastAccessedAt: undefined,
  nextRotationAt: undefined,
  deletedAt: sight.deletedAt,
  owningService: undefined,
  externalType: undefined,
  primaryRegion: undefined,
  replicas: undefined,
  versionStages: {},
  tags: {},
});

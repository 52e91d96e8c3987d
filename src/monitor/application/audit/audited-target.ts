import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { rulesOfText } from '../../domain/history/schedule-text.ts';
import type { SecretSight } from '../../domain/history/secret-sight.ts';
import type { Population, Uncovered } from '../../domain/report/audit-report.ts';
import { type AuditedSecret, auditSecret } from '../../domain/report/compute/audit-secret.ts';
import type { AuditFrame, SecretFacts } from '../../domain/report/compute/facts.ts';
import { type PopulationStep, PopulationTally } from '../../domain/report/compute/population.ts';
import {
  type ExceptionRecord,
  exceptionChanges,
  exceptionsOf,
} from '../../domain/report/exception-record.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import { isReplica, type Secret, type SecretArn } from '../../domain/secret/secret.ts';
import type { SecretHistory } from '../../ports/store/audit-memory.ts';
import { forEachLimited } from '../for-each-limited.ts';
import { countingCatalog } from '../sweep/counting-catalog.ts';
import type { AuditingFleet, AuditRequest } from './audit-request.ts';
import { type HubProgress, HubResults, withHub } from './hub-results.ts';
import { type LookedAt, lookCloser } from './look-closer.ts';

/** The part of a target that was read, so that another invocation can go on behind it. */
export interface TargetProgress {
  /** `listed`: the secrets of the list. `gone`: those that are listed no more. `read`: nothing is left. */
  readonly stage: 'listed' | 'gone' | 'read';
  /** Token of the page to go on with; undefined for the first of the stage. */
  readonly from: string | undefined;
  /** Secrets that were listed, those scheduled for deletion left out. */
  readonly listed: number;
  /** Hashes of the ARNs that were listed. */
  readonly seen: readonly string[];
  readonly steps: readonly PopulationStep[];
  readonly unwatchedPrimaries: readonly Uncovered[];
  /** Hashes of the ARNs with an open CRITICAL alert when the target was begun; undefined before that. */
  readonly critical?: readonly string[] | undefined;
  /** The part that Security Hub left unknown; undefined where nobody asks it. */
  readonly hub?: HubProgress | undefined;
}

/** Circumstances of one target within an audit. */
interface TargetFrame {
  readonly request: AuditRequest;
  readonly readAt: Instant;
  readonly historySince: Instant | undefined;
  /** Exceptions that the monitor keeps, of all targets. */
  readonly kept: readonly ExceptionRecord[];
  /** Operation → calls, added up over all targets. */
  readonly calls: Record<string, number>;
  /** The part that an earlier invocation has read; undefined at the beginning. */
  readonly progress: TargetProgress | undefined;
}

/** Secrets read in parallel: a call each at most, far below ListSecretVersionIds' 50 a second, and two queries. */
const SECRETS_AT_ONCE = 8;
/** Counts are kept once a day. */
const COUNTED_WITHIN_MS: number = 2 * DAY;
/** So many replicas with unwatched primaries are named. */
const MOST_UNWATCHED = 1000;

/** The progress of a target of which nothing was read. */
const BEGINNING: TargetProgress = {
  stage: 'listed',
  from: undefined,
  listed: 0,
  seen: [],
  steps: [],
  unwatchedPrimaries: [],
};

/** The audit of one account and region: the secrets of its list, then those that are gone. */
export class AuditedTarget {
  readonly unwatchedPrimaries: Uncovered[];
  readonly #service: AuditingFleet;
  readonly #request: AuditRequest;
  readonly #calls: Record<string, number>;
  readonly #kept: readonly ExceptionRecord[];
  readonly #frame: AuditFrame;
  readonly #population: PopulationTally;
  readonly #seen: Set<string>;
  #critical: ReadonlySet<string> | undefined;
  readonly #hub: HubResults | undefined;
  #listed: number;
  #place: Pick<TargetProgress, 'stage' | 'from'>;

  constructor(
    service: AuditingFleet,
    { request, readAt, historySince, calls, kept, progress = BEGINNING }: TargetFrame,
  ) {
    this.#kept = kept;
    this.#service = service;
    this.#request = request;
    this.#calls = calls;
    const { period, rules } = request;
    this.#frame = { ...rules, period, readAt, historySince, limits: service.settings.auditLimits };
    this.#population = new PopulationTally(service.settings.target, period, progress.steps);
    const hub = service.hubOf?.(service.settings.target);
    const { clock } = service;
    const { onNoHub } = request;
    this.#hub = hub && new HubResults({ clock, hub, calls, onNoHub, progress: progress.hub });
    this.#critical = progress.critical && new Set(progress.critical);
    this.#seen = new Set(progress.seen);
    this.#listed = progress.listed;
    this.#place = progress;
    this.unwatchedPrimaries = [...progress.unwatchedPrimaries];
  }

  /** The part that was read, up to the page that was taken last. */
  get progress(): TargetProgress {
    return {
      ...this.#place,
      listed: this.#listed,
      seen: [...this.#seen],
      steps: this.#population.steps,
      unwatchedPrimaries: this.unwatchedPrimaries,
      critical: this.#critical && [...this.#critical],
      hub: this.#hub?.progress,
    };
  }

  /** The rows of the list in its order, page by page, then those of secrets that are listed no more. */
  async *pages(): AsyncGenerator<readonly SecretAudit[]> {
    const { kept, settings } = this.#service;
    this.#critical ??= new Set((await kept?.critical(settings.target))?.map(arnHash));
    if (this.#place.stage === 'listed') yield* this.#listedPages();
    while (kept !== undefined && this.#place.stage === 'gone') {
      const { sights, next } = await kept.sights(settings.target, this.#place.from);
      const gone = sights.filter(({ arn }) => !this.#seen.has(arnHash(arn)));
      const rows = await this.#audited(gone, (sight) => this.#goneRow(sight));
      this.#place = { stage: next === undefined ? 'read' : 'gone', from: next };
      yield rows;
    }
  }

  async *#listedPages(): AsyncGenerator<readonly SecretAudit[]> {
    const { settings } = this.#service;
    const catalog = countingCatalog(this.#service.catalog, this.#calls);
    for await (const page of catalog.list({ withDeleted: true, from: this.#place.from })) {
      const secrets = page.secrets.filter(({ arn }) => arn !== settings.canarySecretArn);
      const rows = await this.#audited(secrets, (secret) => this.#listedRow(catalog, secret));
      this.#listed += secrets.filter(({ deletedAt }) => deletedAt === undefined).length;
      const { nextToken } = page;
      this.#place = { stage: nextToken === undefined ? 'gone' : 'listed', from: nextToken };
      yield rows;
      this.#request.onPage?.(this.#seen.size);
    }
  }

  /** Places and secrets of which Security Hub's own results are unknown. */
  get noHub(): readonly Uncovered[] {
    return this.#hub?.gaps(this.#service.settings.target) ?? [];
  }

  /** Returns the balance of secrets, once all rows were read. */
  async population(): Promise<Population> {
    const { kept, settings } = this.#service;
    const { period, readAt } = this.#frame;
    const { target } = settings;
    const before = await kept?.counts(target, later(period.from, -COUNTED_WITHIN_MS), period.from);
    const within = await kept?.counts(target, period.from, period.to);
    const after =
      period.to >= readAt
        ? undefined
        : await kept?.counts(target, period.to, later(period.to, COUNTED_WITHIN_MS));
    const now = { at: instant(Math.max(readAt, period.to)), secrets: this.#listed };
    const listed = period.to >= readAt ? now : { ...now, at: readAt };
    return this.#population.between(before?.at(-1) ?? within?.[0], after?.[0] ?? listed);
  }

  /** Reads the history of all at once and the rest of each in parallel, and keeps their order. */
  async #audited<T extends { readonly arn: SecretArn; readonly createdAt: Instant | undefined }>(
    items: readonly T[],
    read: (item: T) => Promise<LookedAt & Pick<SecretFacts, 'isGone'>>,
  ): Promise<readonly SecretAudit[]> {
    const found = new Map<T, SecretAudit>();
    const { kept } = this.#service;
    const arns = items.map(({ arn }) => arn);
    const [answers, known] = await Promise.all([this.#hub?.about(arns), kept?.histories(arns)]);
    const histories = new Map(known?.map((each) => [each.secretArn, each]));
    const errors = await forEachLimited(items, SECRETS_AT_ONCE, async (item) => {
      const looked = await read(item);
      const { row, changes } = this.#row(looked, histories.get(item.arn));
      this.#population.add({ createdAt: item.createdAt, changes });
      if (row === undefined) return;
      const answer = answers?.get(item.arn);
      found.set(item, answer === undefined ? row : withHub(row, answer));
    });
    if (errors.length > 0) throw errors[0];
    return items.flatMap((item) => found.get(item) ?? []);
  }

  #listedRow(catalog: AuditingFleet['catalog'], listed: Secret): Promise<LookedAt> {
    const { limits, readAt } = this.#frame;
    this.#seen.add(arnHash(listed.arn));
    this.#noteReplica(listed);
    return lookCloser(catalog, listed, { limits, now: readAt });
  }

  async #goneRow(sight: SecretSight): Promise<LookedAt & Pick<SecretFacts, 'isGone'>> {
    return { secret: goneSecret(sight), isGone: true, currentMadeAt: undefined, trouble: undefined };
  }

  #row(looked: LookedAt & Pick<SecretFacts, 'isGone'>, history: SecretHistory | undefined): AuditedSecret {
    const { arn } = looked.secret;
    const kept = this.#kept.filter(({ secretArn }) => secretArn === arn);
    const facts = {
      ...looked,
      sight: history?.sight,
      records: history?.records ?? [],
      changes: [...(history?.changes ?? []), ...exceptionChanges(kept)].sort((a, b) => a.at - b.at),
      exceptions: [
        ...this.#request.exceptions.filter(({ secretArn }) => secretArn === arn),
        ...exceptionsOf(kept),
      ],
      isCritical: this.#critical?.has(arnHash(arn)) === true,
    };
    return auditSecret(facts, this.#frame);
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

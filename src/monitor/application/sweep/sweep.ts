import { type Instant, instant } from '../../../calendar/instant.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import type { ExplainedFinding } from '../../domain/finding/finding.ts';
import { PopulationSketch } from '../../domain/history/population-sketch.ts';
import { looksSuspicious } from '../../domain/look/judge-look.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { ConsumerLease } from '../../domain/secret/consumer-lease.ts';
import { policyFor } from '../../domain/secret/policy.ts';
import { isReplica, type Secret, type SecretArn } from '../../domain/secret/secret.ts';
import { isDateWanted } from '../../domain/secret/value-date.ts';
import { awaitsEvent, eventsArrive } from '../../domain/state/awaited-event.ts';
import { isWatched, type SecretState, type TargetRecord } from '../../domain/state/secret-state.ts';
import { DailyRound, needsDailyCheck } from '../../domain/sweep/daily-round.ts';
import { type MovesProgress, MovesRound } from '../../domain/sweep/moves-round.ts';
import type { SweepProgress } from '../../domain/sweep/sweep-request.ts';
import { emptyTally, type SweepTally } from '../../domain/sweep/sweep-result.ts';
import { isSwitchedOff, withPage, withSuspect } from '../../domain/sweep/sweep-tally.ts';
import { isUnstorable, type StoreError } from '../../ports/store/store-error.ts';
import { forEachLimited } from '../for-each-limited.ts';
import { type Checking, type CheckRequest, checkSecret } from '../look/check-secret.ts';
import type { Service } from '../service.ts';
import type { FindLostEvidence } from './find-lost-evidence.ts';
import { leasesOfPage } from './leases-of-page.ts';

/** A suspect and what was found about it. */
export interface SuspectReport {
  readonly secretArn: string;
  readonly secretName: string;
  /** In order of precedence. */
  readonly findings: readonly ExplainedFinding[];
}

/** Parts of the service that look at the suspects. */
interface SweepingSecrets extends Checking, Pick<Service, 'leaseStore'> {
  /** Finds CloudTrail's records about a suspect. */
  readonly lostEvidence: FindLostEvidence;
}

interface Suspicion {
  readonly secret: Secret;
  readonly known: SecretState | undefined;
  readonly evidence: readonly Evidence[];
  readonly leases: readonly ConsumerLease[] | undefined;
}

/** Suspects looked at in parallel: two calls each stay well under ListSecretVersionIds' 50 a second. */
const SUSPECTS_AT_ONCE = 4;

const NOTHING_NOTED: MovesProgress = { since: instant(0), round: undefined };

/** The initial state of a sweep. */
export interface SweepBeginning {
  readonly record: TargetRecord;
  /** The states that every sweep has to look at. */
  readonly open: readonly SecretState[];
  /** Progress of earlier sweeps in comparing the moves that applications were notified of. */
  readonly moves: MovesProgress | undefined;
  /** Progress of earlier sweeps in noting the versions in use; undefined before the first. */
  readonly currents: MovesProgress | undefined;
  /** Progress of earlier sweeps in comparing secrets with their last sight; undefined before the first. */
  readonly sights: MovesProgress | undefined;
  /** Progress of earlier invocations of the same sweep. */
  readonly progress: SweepProgress | undefined;
  /** Whether somebody reads what was found about each suspect. */
  readonly reportsFindings: boolean;
  /** Start of the last complete sweep. */
  readonly lastStartedAt: Instant | undefined;
}

/** One pass over a target, page by page; what it remembers grows with the suspects, not with the fleet. */
export class Sweep {
  /** The secrets whose version in use has to be compared with what applications were notified of. */
  readonly moves: MovesRound;
  /** The secrets that rotate and whose version in use has to be noted: all of them once, then those that changed. */
  readonly currents: MovesRound;
  /** The secrets to compare with their last sight: all of them once, then those that changed. */
  readonly sights: MovesRound;
  /** Progress of earlier sweeps in comparing them. */
  readonly sightsBefore: MovesProgress | undefined;
  /** The secrets that were listed. */
  readonly listed: PopulationSketch;
  readonly #service: SweepingSecrets;
  readonly #record: TargetRecord;
  readonly #now: Instant;
  /** Start of the sweep's first invocation, by which checks made once of all secrets are timed. */
  readonly startedAt: Instant;
  /** States with an open alert that the list has not shown yet. */
  readonly #unseen: Map<string, SecretState>;
  readonly #suspects: SuspectReport[] = [];
  readonly #reportsFindings: boolean;
  readonly #disabled: string[];
  readonly #seen: string[];
  readonly #awaitingEvent: Secret[] = [];
  /** Secrets that the last sweep found switched off; undefined when that is not known. */
  readonly #known: ReadonlySet<string> | undefined;
  /** The failures of checks of single secrets. */
  readonly failures: SweepFailures = new SweepFailures();
  readonly #daily: DailyRound;
  readonly #recovered: Evidence[] = [];
  readonly #since: Instant | undefined;
  readonly #confirmed: Datapoint[] = [];
  #tally: SweepTally;

  constructor(service: SweepingSecrets, { record, open, moves, progress, ...given }: SweepBeginning) {
    this.#service = service;
    this.#reportsFindings = given.reportsFindings;
    this.#since = given.lastStartedAt;
    this.#record = record;
    this.#known = record.disabled && new Set(record.disabled);
    this.#now = service.clock.now();
    this.startedAt = progress?.startedAt ?? this.#now;
    const { dailyChecks: most } = service.settings;
    this.#daily = new DailyRound({ checkedUntil: record.dailyCheckedUntil, now: this.startedAt, most });
    this.moves = new MovesRound(moves, { startedAt: this.startedAt });
    this.currents = new MovesRound(given.currents ?? NOTHING_NOTED, { startedAt: this.startedAt });
    this.sightsBefore = given.sights;
    this.sights = new MovesRound(given.sights ?? NOTHING_NOTED, { startedAt: this.startedAt });
    this.listed = new PopulationSketch(progress?.listed);
    this.#disabled = [...(progress?.disabled ?? [])];
    this.#seen = [...(progress?.seen ?? [])];
    this.#tally = progress?.tally ?? emptyTally;
    const seen = new Set(this.#seen);
    const unseen = open.filter(({ subject }) => !seen.has(arnHash(subject)));
    this.#unseen = new Map(unseen.map((state) => [state.subject, state]));
  }

  get tally(): SweepTally {
    return this.#tally;
  }

  get suspects(): readonly SuspectReport[] {
    return this.#suspects;
  }

  /** Hashes of the ARNs with an open alert that the list has shown. */
  get seen(): readonly string[] {
    return this.#seen;
  }

  /** Hashes of the ARNs whose rotation is switched off. */
  get disabled(): readonly string[] {
    return this.#disabled;
  }

  /** Secrets that rotated lately and whose rotation event should have come. */
  get awaitingEvent(): readonly Secret[] {
    return this.#awaitingEvent;
  }

  /** The secrets whose daily check is due. */
  get daily(): DailyRound {
    return this.#daily;
  }

  /** Evidence that CloudTrail had recorded and no event had reported. */
  get recovered(): readonly Evidence[] {
    return this.#recovered;
  }

  /** Counts over consumers whose time to confirm a rotation is over. */
  get confirmed(): readonly Datapoint[] {
    return this.#confirmed;
  }

  /** Counts a page and checks its suspects. */
  async takePage(page: readonly Secret[]): Promise<void> {
    this.#tally = withPage(this.#tally, page);
    const { sweepIntervalMs } = this.#service.settings;
    const awaiting = { now: this.startedAt, sweepIntervalMs };
    this.#awaitingEvent.push(...page.filter((secret) => awaitsEvent(secret, this.#record, awaiting)));
    for (const secret of page) {
      this.moves.offer(secret);
      this.sights.offer(secret);
      this.listed.add(secret.arn);
    }
    for (const secret of page) {
      if (needsDailyCheck(secret) || this.#mayBeOld(secret)) this.#daily.offer(secret);
    }
    const between = { since: this.#since, startedAt: this.startedAt };
    const reading = { known: this.#unseen, now: this.#now, between };
    const { leases, datapoints, errors } = await leasesOfPage(this.#service, page, reading);
    this.#confirmed.push(...datapoints);
    this.failures.note(errors);
    const suspects = page.flatMap((secret) => this.#suspicion(secret, leases.get(secret.arn)) ?? []);
    const looked = new Set(suspects.map(({ secret }) => secret.arn));
    for (const secret of page) {
      if (looked.has(secret.arn)) continue;
      const isNoted = secret.rotationEnabled === true && !isReplica(secret);
      if (isNoted || this.#mayBeOld(secret)) this.currents.offer(secret);
    }
    const check = (suspicion: Suspicion) => this.#check(suspicion.secret.arn, suspicion);
    this.failures.note(await forEachLimited(suspects, SUSPECTS_AT_ONCE, check));
  }

  /** Whether the value may be older than expected, which no list shows. */
  #mayBeOld(secret: Secret): boolean {
    const policy = policyFor(secret, this.#service.settings.policyDefaults);
    return isDateWanted({ secret, policy }, this.#now);
  }

  /** Checks the secrets with an open alert that no page had: deleted, or out of sight. */
  async takeAbsent(): Promise<void> {
    const absent = [...this.#unseen.keys()].filter((subject) => !subject.startsWith('target#'));
    const check = (arn: string) => this.#check(arn as SecretArn, undefined);
    this.failures.note(await forEachLimited(absent, SUSPECTS_AT_ONCE, check));
  }

  #suspicion(secret: Secret, leases: readonly ConsumerLease[] | undefined): Suspicion | undefined {
    const known = this.#unseen.get(secret.arn);
    this.#unseen.delete(secret.arn);
    const evidence = this.#switchedOff(secret);
    const { policyDefaults } = this.#service.settings;
    const isSuspect = known !== undefined || evidence.length > 0;
    if (!isSuspect && !looksSuspicious(secret, { leases, policyDefaults, now: this.#now })) return undefined;
    return { secret, known, evidence, leases };
  }

  /** Evidence that rotation, on in the last sweep, is off now; none while there is no last sweep. */
  #switchedOff(secret: Secret): readonly Evidence[] {
    if (!isSwitchedOff(secret)) return [];
    const hash = arnHash(secret.arn);
    this.#disabled.push(hash);
    if (this.#record.baselineAt === undefined || this.#known?.has(hash) !== false) return [];
    const id = `disabled:${this.startedAt}`;
    return [{ id, kind: 'rotation-disabled', at: this.#now }];
  }

  /** The circumstances of the target as a whole. */
  get circumstances(): Pick<CheckRequest, 'baseline' | 'eventsArrive'> {
    const baseline = this.#record.baselineAt === undefined;
    return { baseline, eventsArrive: eventsArrive(this.#record, this.#now) };
  }

  async #check(arn: SecretArn, suspicion: Suspicion | undefined): Promise<void> {
    const wasOpen = suspicion?.known !== undefined;
    if (wasOpen) this.#seen.push(arnHash(arn));
    const lost = suspicion === undefined ? [] : await this.#service.lostEvidence(suspicion);
    const { before, after, findings } = await checkSecret(this.#service, {
      arn,
      evidence: [...(suspicion?.evidence ?? []), ...lost],
      listed: suspicion?.secret,
      known: suspicion?.known,
      leases: suspicion?.leases,
      ...this.circumstances,
    });
    this.#recovered.push(...lost.filter(({ id }) => before.evidence.every((known) => known.id !== id)));
    this.#tally = withSuspect(this.#tally, { state: after, findings }, this.#now);
    if (isWatched(after) && !wasOpen) this.#seen.push(arnHash(arn));
    const shown = this.#reportsFindings ? findings : [];
    this.#suspects.push({ secretArn: arn, secretName: after.name, findings: shown });
  }
}

/** The failures of checks of single secrets; one bad secret never stops a sweep. */
class SweepFailures {
  readonly #errors: unknown[] = [];
  readonly #unstorable: StoreError[] = [];

  /** Failures that may pass: until then the sweep is not complete. */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  /** Failures to store the states of single secrets that will not pass: the sweep goes on without them. */
  get unstorable(): readonly StoreError[] {
    return this.#unstorable;
  }

  note(errors: readonly unknown[]): void {
    for (const error of errors) {
      if (isUnstorable(error)) this.#unstorable.push(error);
      else this.#errors.push(error);
    }
  }
}

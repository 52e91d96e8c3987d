import { arnHash } from '../domain/arn-hash.ts';
import { awaitsEvent } from '../domain/awaited-event.ts';
import { judge } from '../domain/detect/judge.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ExplainedFinding } from '../domain/finding.ts';
import { DAY, HOUR, type Instant } from '../domain/instant.ts';
import { policyFor } from '../domain/policy.ts';
import { isReplica, type Secret, type SecretArn } from '../domain/secret.ts';
import type { SecretState, TargetRecord } from '../domain/secret-state.ts';
import { emptyTally, isSwitchedOff, type SweepTally, withPage, withSuspect } from '../domain/sweep-tally.ts';
import { pendingApart } from '../domain/version-stage.ts';
import { type Checking, checkSecret } from './check-secret.ts';
import { forEachLimited } from './for-each-limited.ts';

/** A suspect and what was found about it. */
export interface SuspectReport {
  readonly secretArn: string;
  readonly secretName: string;
  /** In order of precedence. */
  readonly findings: readonly ExplainedFinding[];
}

interface Suspicion {
  readonly secret: Secret;
  readonly known: SecretState | undefined;
  readonly evidence: readonly Evidence[];
}

/** Suspects looked at side by side: two calls each stay well under ListSecretVersionIds' 50 a second. */
const SUSPECTS_AT_ONCE = 4;
/** Silence means something while a rotation event was seen within this time. */
const EVENTS_ARRIVE_WITHIN_MS = DAY;

/** One pass over a target, page by page; what it remembers grows with the suspects, not with the fleet. */
export class Sweep {
  readonly #service: Checking;
  readonly #record: TargetRecord;
  readonly #now: Instant;
  /** States with an open alert that the list has not shown yet. */
  readonly #unseen: Map<string, SecretState>;
  readonly #suspects: SuspectReport[] = [];
  readonly #disabled: string[] = [];
  readonly #awaitingEvent: Secret[] = [];
  /** What the last sweep found switched off; undefined when that is not known. */
  readonly #known: ReadonlySet<string> | undefined;
  readonly #errors: unknown[] = [];
  #tally: SweepTally = emptyTally;

  constructor(service: Checking, record: TargetRecord, open: readonly SecretState[]) {
    this.#service = service;
    this.#record = record;
    this.#known = record.disabled && new Set(record.disabled);
    this.#now = service.clock.now();
    this.#unseen = new Map(open.map((state) => [state.subject, state]));
  }

  get tally(): SweepTally {
    return this.#tally;
  }

  get suspects(): readonly SuspectReport[] {
    return this.#suspects;
  }

  /** Why checks of single secrets failed; one bad secret never stops a sweep. */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  /** Hashes of the ARNs whose rotation is switched off. */
  get disabled(): readonly string[] {
    return this.#disabled;
  }

  /** Secrets that rotated lately and whose rotation event should have come. */
  get awaitingEvent(): readonly Secret[] {
    return this.#awaitingEvent;
  }

  /** Counts a page and checks its suspects. */
  async takePage(page: readonly Secret[]): Promise<void> {
    this.#tally = withPage(this.#tally, page);
    const { sweepIntervalMs } = this.#service.settings;
    const awaiting = { now: this.#now, sweepIntervalMs };
    this.#awaitingEvent.push(...page.filter((secret) => awaitsEvent(secret, this.#record, awaiting)));
    const suspects = page.flatMap((secret) => this.#suspicion(secret) ?? []);
    const check = (suspicion: Suspicion) => this.#check(suspicion.secret.arn, suspicion);
    this.#errors.push(...(await forEachLimited(suspects, SUSPECTS_AT_ONCE, check)));
  }

  /** Checks the secrets with an open alert that no page had: deleted, or out of sight. */
  async takeAbsent(): Promise<void> {
    const absent = [...this.#unseen.keys()].filter((subject) => !subject.startsWith('target#'));
    const check = (arn: string) => this.#check(arn as SecretArn, undefined);
    this.#errors.push(...(await forEachLimited(absent, SUSPECTS_AT_ONCE, check)));
  }

  #suspicion(secret: Secret): Suspicion | undefined {
    const known = this.#unseen.get(secret.arn);
    this.#unseen.delete(secret.arn);
    const evidence = this.#switchedOff(secret);
    if (known === undefined && evidence.length === 0 && !this.#looksWrong(secret)) return undefined;
    return { secret, known, evidence };
  }

  /** Evidence that rotation, on in the last sweep, is off now; none while there is no last sweep. */
  #switchedOff(secret: Secret): readonly Evidence[] {
    if (!isSwitchedOff(secret)) return [];
    const hash = arnHash(secret.arn);
    this.#disabled.push(hash);
    if (this.#record.baselineAt === undefined || this.#known?.has(hash) !== false) return [];
    const id = `disabled:${Math.floor(this.#now / HOUR)}`;
    return [{ id, kind: 'rotation-disabled', at: this.#now }];
  }

  #looksWrong(secret: Secret): boolean {
    if (secret.deletedAt !== undefined || isReplica(secret)) return false;
    if (pendingApart(secret.versionStages) !== undefined) return true;
    const policy = policyFor(secret, this.#service.settings.policyDefaults);
    return (
      judge({ secret, pending: undefined, evidence: [], policy, eventsArrive: false }, this.#now).length > 0
    );
  }

  async #check(arn: SecretArn, suspicion: Suspicion | undefined): Promise<void> {
    const { baselineAt, eventSeenAt } = this.#record;
    const { after, findings } = await checkSecret(this.#service, {
      arn,
      evidence: suspicion?.evidence ?? [],
      listed: suspicion?.secret,
      known: suspicion?.known,
      baseline: baselineAt === undefined,
      eventsArrive: eventSeenAt !== undefined && this.#now - eventSeenAt <= EVENTS_ARRIVE_WITHIN_MS,
    });
    this.#tally = withSuspect(this.#tally, { state: after, findings }, this.#now);
    this.#suspects.push({ secretArn: arn, secretName: after.name, findings });
  }
}

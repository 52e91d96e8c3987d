import { formatInstant, type Instant } from '../../calendar/instant.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { ToldAlert } from '../court/told/told-alert.ts';
import { type Condition, conditionsOf, type TruthSubject } from '../court/truth/ground-truth.ts';
import { type Verdict, verdictsOf } from '../court/verdicts.ts';
import type { Prepared, PreparedSecret } from '../scenario/prepare.ts';
import type { SecretKind } from '../scenario/scenario.ts';

/** A secret at the end of a run, by the ground truth. */
interface SecretOutcome {
  readonly secretName: string;
  readonly secretArn: string;
  readonly kind: SecretKind;
  /** Rotations that succeeded. */
  readonly rotations: number;
  /** `healthy`, `deleted`, or the code of what is truly wrong. */
  readonly state: string;
  /** Alerts about it, by code and severity of each opening and rise. */
  readonly alerts: readonly string[];
}

/** Everything a run brought, version 1. Instants are ISO 8601 in UTC. */
export interface RunOutput {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  readonly secrets: readonly SecretOutcome[];
  readonly sweeps: { readonly count: number };
  readonly events: { readonly emitted: number; readonly delivered: number; readonly unrecognised: number };
  /** Calls of the monitor's roles by `service:Operation`. */
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly alerts: readonly ToldAlert[];
  /** The latest value of every metric. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
}

/** Facts about a run that only its observer knows. */
export interface Watched {
  /** The moment at which the run ended. */
  readonly to: Instant;
  readonly alerts: readonly ToldAlert[];
  /** Times during which the monitor's calls failed. */
  readonly callConditions: readonly Condition[];
  readonly sweeps: number;
  /** Events that the monitor did not understand. */
  readonly unrecognised: number;
  /** Roles of the monitor in the call log. */
  readonly roles: readonly string[];
}

/** Puts together what a run brought; the verdicts come from the simulator's own history. */
export function runOutput(simulator: Simulator, prepared: Prepared, watched: Watched): RunOutput {
  const { scenario, startsAt, secrets } = prepared;
  const subjects = [...secrets.values()].map((secret) => ({
    ...secret,
    ...subjectOf(simulator, prepared, secret),
  }));
  const conditions = subjects.flatMap(conditionsOf);
  const { emitted, delivered } = simulator.eventBridge.counts();
  return {
    schemaVersion: 1,
    scenario: scenario.name,
    seed: scenario.seed,
    from: formatInstant(startsAt),
    to: formatInstant(watched.to),
    secrets: subjects.map((subject) => outcomeOf(subject, conditions, watched)),
    sweeps: { count: watched.sweeps },
    events: { emitted, delivered, unrecognised: watched.unrecognised },
    apiCalls: callsOf(simulator, watched.roles),
    alerts: watched.alerts,
    metrics: simulator.cloudWatch.lastByName(),
    verdicts: verdictsOf({
      scenario,
      conditions: [...conditions, ...watched.callConditions],
      alerts: watched.alerts,
      endsAt: watched.to,
    }),
  };
}

/** A secret of the run as the ground truth needs it. */
const subjectOf = (
  simulator: Simulator,
  { scenario }: Prepared,
  { arn, secret }: PreparedSecret,
): TruthSubject => ({
  endsAt: simulator.clock.now(),
  secret,
  history: simulator.secretsManager.history(arn),
  eventsMayBeLost: scenario.faults.drop > 0,
  functionBroken: simulator.secretsManager.functions.brokenStretches(secret.function),
});

function outcomeOf(
  { secret, arn, history }: TruthSubject & PreparedSecret,
  conditions: readonly Condition[],
  { alerts, to }: Watched,
): SecretOutcome {
  const rotated = new Set(
    history.flatMap(({ cause, lastRotatedAt }) => (cause === 'seed' ? [] : (lastRotatedAt ?? []))),
  );
  const before = history.find(({ cause }) => cause === 'seed')?.lastRotatedAt;
  const open = conditions.find(
    (each) => each.secret === secret.name && each.until === undefined && each.tellableAt <= to,
  );
  const isDeleted = history.at(-1)?.deletedAt !== undefined;
  return {
    secretName: secret.name,
    secretArn: arn,
    kind: secret.kind,
    rotations: [...rotated].filter((at) => at !== before).length,
    state: isDeleted ? 'deleted' : (open?.code ?? 'healthy'),
    alerts: alerts
      .filter(({ secretArn, transition }) => secretArn === arn && OPENING.includes(transition))
      .map(({ code, severity }) => `${code} ${severity}`),
  };
}

/** Transitions that say something new. */
const OPENING: readonly string[] = ['opened', 'rose'];

function callsOf({ callLog }: Simulator, roles: readonly string[]): Readonly<Record<string, number>> {
  const calls = new Map<string, number>();
  for (const role of roles) {
    for (const [name, count] of Object.entries(callLog.counts(role)))
      calls.set(name, (calls.get(name) ?? 0) + count);
  }
  return Object.fromEntries([...calls].sort(([a], [b]) => (a < b ? -1 : 1)));
}

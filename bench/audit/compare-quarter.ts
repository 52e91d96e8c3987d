import { SECOND } from '../../src/calendar/instant.ts';
import type { Population } from '../../src/monitor/domain/report/audit-report.ts';
import type { SecretAudit } from '../../src/monitor/domain/report/secret-audit.ts';
import type { AuditedQuarter } from './audit-quarter.ts';
import type { PlayedQuarter } from './play-quarter.ts';
import { type SecretTruth, truthOf } from './quarter-truth.ts';

/** A secret whose row is not what was true. */
interface DifferingSecret {
  readonly arn: string;
  /** Undefined where it has no row. */
  readonly found: SecretTruth | undefined;
  readonly truth: SecretTruth;
}

/** An audit of a quarter beside the truth. */
export interface ComparedQuarter {
  readonly secrets: number;
  readonly rows: number;
  readonly eventsDropped: number;
  readonly eventsDelivered: number;
  /** Sums of what was true. */
  readonly truth: SecretTruth;
  /** Secrets of which some figure is not the truth. */
  readonly differing: readonly DifferingSecret[];
  /** Those of which the number of completed rotations is not. */
  readonly miscounted: readonly DifferingSecret[];
  /** Rows with a completed rotation of which no event arrived. */
  readonly withLostSuccess: number;
  /** Those of them that are not marked as inferred, with the reason. */
  readonly unmarked: readonly string[];
  /** Rows of which the number of failures is inferred. */
  readonly inferred: number;
  readonly population: readonly Population[];
}

/** Compares each row of an audit with the history of its secret. */
export function compareQuarter(played: PlayedQuarter, { rows, summary }: AuditedQuarter): ComparedQuarter {
  const all = played.arns.map((arn) => ({
    arn,
    found: figuresIn(rows.get(arn)),
    truth: truthOf(played, arn),
  }));
  const { dropped, delivered } = played.simulator.eventBridge.counts();
  const lost = [...rows.values()].filter(({ rotations }) =>
    rotations.some(({ basis, outcome }) => outcome === 'succeeded' && basis === 'inferred'),
  );
  return {
    secrets: all.length,
    rows: rows.size,
    eventsDropped: dropped,
    eventsDelivered: delivered,
    truth: all.map(({ truth }) => truth).reduce(added),
    differing: all.filter(({ found, truth }) => !isEqual(found, truth)),
    miscounted: all.filter(({ found, truth }) => found?.completed !== truth.completed),
    withLostSuccess: lost.length,
    unmarked: lost.filter((row) => !isMarked(row)).map(({ secretArn }) => secretArn),
    inferred: [...rows.values()].filter(({ failures }) => failures.basis === 'inferred').length,
    population: summary.population,
  };
}

/** The figures of a row that the truth has, too. */
const figuresIn = (row: SecretAudit | undefined): SecretTruth | undefined =>
  row && {
    completed: row.rotationsCompleted.value ?? Number.NaN,
    failures: row.failures.value ?? Number.NaN,
    due: row.windowsDue.value ?? Number.NaN,
    missed: row.windowsMissed.value ?? Number.NaN,
    longestRepairMs: row.longestRepairMs.value ?? Number.NaN,
  };

/** Times in CloudTrail's records are whole seconds. */
const PRECISION_MS = 2 * SECOND;

const isEqual = (found: SecretTruth | undefined, { longestRepairMs, ...counts }: SecretTruth): boolean =>
  found !== undefined &&
  Math.abs(found.longestRepairMs - longestRepairMs) <= PRECISION_MS &&
  Object.entries(counts).every(([name, value]) => Reflect.get(found, name) === value);

const isMarked = ({ rotationsCompleted: { basis, because } }: SecretAudit): boolean =>
  basis === 'inferred' && because !== undefined;

const added = (a: SecretTruth, b: SecretTruth): SecretTruth => ({
  completed: a.completed + b.completed,
  failures: a.failures + b.failures,
  due: a.due + b.due,
  missed: a.missed + b.missed,
  longestRepairMs: Math.max(a.longestRepairMs, b.longestRepairMs),
});

import type { Instant } from '../../calendar/instant.ts';
import type { SecretStatus } from '../../monitor/application/operate/fleet-status.ts';
import { rankOf } from '../../monitor/domain/finding/finding.ts';
import type { RememberedAlert, RememberedTarget } from '../../monitor/ports/store/monitor-memory.ts';
import type { Asked } from '../aws/deployment.ts';

/** The state of the secrets in some regions. */
export interface StatusResult {
  readonly at: Instant;
  /** The regions, and what the monitor of each says. */
  readonly monitors: readonly StatusMonitor[];
  /** Number of secrets, shown or not. */
  readonly observed: number;
  /** Those that are asked for, worst first. */
  readonly secrets: readonly SecretStatus[];
  /** The regions that could not be looked at. */
  readonly failures: readonly FailedRegion[];
}

/** A region that could not be looked at. */
export interface FailedRegion {
  readonly region: string;
  /** The cause and its remedy, in sentences. */
  readonly because: string;
}

/** The answer of the monitor of a region. */
export interface StatusMonitor extends Asked<RememberedTarget> {
  readonly region: string;
}

/** Facts that are unknown unless a deployed monitor answers. */
export const unknownLines = (monitors: readonly StatusMonitor[]): readonly string[] => [
  ...new Set(
    monitors.flatMap(({ notAsked, answer, region }) => {
      if (notAsked !== undefined)
        return [
          `${notAsked} Open alerts, acknowledgements, its last sweep and its last audit are not known.`,
        ];
      return answer?.isWatched === false ? [`The monitor does not watch ${region}.`] : [];
    }),
  ),
];

/** The open alerts by secret ARN. */
export type AlertsOf = ReadonlyMap<string, readonly RememberedAlert[]>;

/** Whether nothing is wrong with these secrets: neither a look finds anything, nor does an alert of theirs stay open. */
export const isWell = (
  secrets: readonly Pick<SecretStatus, 'arn' | 'finding'>[],
  alerts: ReadonlyMap<string, unknown> = new Map(),
): boolean => secrets.every(({ arn, finding }) => finding === undefined && !alerts.has(arn));

/** Something that is wrong with a secret. */
export type Trouble = Pick<RememberedAlert, 'code' | 'severity' | 'since'>;

/**
 * Returns what is wrong with a secret, gravest first: its open alerts, which may rest on more than a look sees, and what
 * the look has found.
 */
export const troublesOf = (
  { arn, finding }: Pick<SecretStatus, 'arn' | 'finding'>,
  alerts: AlertsOf | undefined,
): readonly Trouble[] =>
  [...(alerts?.get(arn) ?? []), ...(finding === undefined ? [] : [finding])].sort(
    (a, b) => rankOf(b.severity) - rankOf(a.severity),
  );

/** The open alerts; undefined where no monitor answered. */
export function alertsIn(monitors: readonly StatusMonitor[]): AlertsOf | undefined {
  const answers = monitors.flatMap(({ answer }) => answer ?? []);
  if (answers.length === 0) return undefined;
  const alertsOf = new Map<string, RememberedAlert[]>();
  for (const alert of answers.flatMap(({ alerts }) => alerts))
    alertsOf.set(alert.subject, [...(alertsOf.get(alert.subject) ?? []), alert]);
  return alertsOf;
}

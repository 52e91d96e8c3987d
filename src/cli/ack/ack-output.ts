import { formatInstant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import type { RememberedAlert } from '../../monitor/ports/store/monitor-memory.ts';
import type { AcknowledgeAnswer, AcknowledgeRequest } from '../../monitor/ports/tell/acknowledger.ts';
import { alertJson } from '../schemas/alert-schema.ts';
import { printable, printableJson } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';

/** Outcome of a run of `ack`. */
export interface AckResult {
  readonly deployment: string;
  readonly outcome: 'acknowledged' | 'ended' | 'no-open-alert' | 'listed';
  /** Undefined in a list. */
  readonly secret: Secret | undefined;
  readonly request: AcknowledgeRequest | undefined;
  readonly answer: AcknowledgeAnswer | undefined;
  /** Acknowledged alerts; empty but in a list. */
  readonly alerts: readonly RememberedAlert[];
}

/** Prints an acknowledgement for programs; `docs/schemas/ack.json` describes the format. */
export const ackJson = ({ deployment, outcome, secret, request, answer, alerts }: AckResult): string =>
  printableJson({
    schemaVersion: 1,
    deployment,
    secretArn: secret?.arn ?? null,
    outcome,
    codes: answer?.acknowledged ?? [],
    until: outcome === 'acknowledged' ? (answer?.until ?? null) : null,
    statedBy: request?.by ?? null,
    reason: request?.reason ?? null,
    alerts: alerts.map((alert) => ({ secretArn: alert.subject, alert: alertJson(alert) })),
  });

/** Prints an acknowledgement for a person. */
export function ackText(result: AckResult, columns: number): string {
  const lines = linesOf(result).flatMap((line) => hanging(printable(line), columns, ''));
  return `${lines.join('\n')}\n`;
}

function linesOf({ outcome, secret, request, answer, alerts, deployment }: AckResult): readonly string[] {
  const name = secret?.name ?? '';
  const codes = (answer?.acknowledged ?? []).join(', ');
  switch (outcome) {
    case 'acknowledged':
      return [
        `${name}: ${codes} acknowledged until ${answer?.until ?? ''}, stated by ${request?.by ?? ''}.`,
        'Until then nothing repeats or escalates; the end is reported as always.',
      ];
    case 'ended':
      return [`${name}: the acknowledgement of ${codes} has ended. Repeats and escalation go on.`];
    case 'no-open-alert':
      return [`${name}: the monitor ${deployment} has no open alert about it. Nothing was changed.`];
    case 'listed':
      return [
        `${plural(alerts.length, 'acknowledged alert')} in ${deployment}.`,
        ...alerts.map(({ subject, severity, code, ack }) => {
          const why = ack?.reason === undefined ? '' : `: ${ack.reason}`;
          const until = ack === undefined ? '' : formatInstant(ack.until);
          return `- ${severity} ${code} of ${subject} until ${until}, stated by ${ack?.by ?? ''}${why}`;
        }),
      ];
  }
}

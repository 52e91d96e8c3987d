import { formatInstant, type Instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import { silenceIn } from '../../monitor/domain/secret/policy.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { printable, printableJson } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';

/** A secret whose alerts are quiet. */
interface SilencedSecret {
  readonly secretArn: string;
  readonly secretName: string;
  readonly until: Instant;
  readonly reason: string;
}

/** Outcome of a run of `silence`. */
export interface SilenceResult {
  readonly outcome: 'silenced' | 'ended' | 'listed';
  /** Undefined in a list. */
  readonly secret: Secret | undefined;
  readonly silence: SilencedSecret | undefined;
  /** Silences in force; empty but in a list. */
  readonly silences: readonly SilencedSecret[];
}

/** The silence that the tags of a secret ask for; undefined without one. */
export function silenceOf(secret: Secret): SilencedSecret | undefined {
  const silence = silenceIn(secret);
  return silence && { secretArn: secret.arn, secretName: secret.name, ...silence };
}

/** Prints a silence for programs; `docs/schemas/silence.json` describes the format. */
export const silenceJson = ({ outcome, secret, silence, silences }: SilenceResult): string =>
  printableJson({
    schemaVersion: 1,
    secretArn: secret?.arn ?? null,
    outcome,
    until: silence === undefined ? null : formatInstant(silence.until),
    reason: silence?.reason ?? null,
    silences: silences.map(({ until, ...each }) => ({ ...each, until: formatInstant(until) })),
  });

/** Prints a silence for a person. */
export function silenceText({ outcome, secret, silence, silences }: SilenceResult, columns: number): string {
  const name = secret?.name ?? '';
  const lines = {
    silenced: [
      `${name}: silenced until ${silence === undefined ? '' : formatInstant(silence.until)}: ${silence?.reason ?? ''}`,
      'The monitor announces it once. CRITICAL alerts are sent all the same, unless its settings allow it.',
    ],
    ended: [`${name}: the silence has ended.`],
    listed: [
      `${plural(silences.length, 'silence')} in force.`,
      ...silences.map(
        ({ secretName, until, reason }) => `- ${secretName} until ${formatInstant(until)}: ${reason}`,
      ),
    ],
  }[outcome];
  return `${lines.flatMap((line) => hanging(printable(line), columns, '')).join('\n')}\n`;
}

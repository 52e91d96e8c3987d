import { plural } from '../../calendar/plural.ts';
import type { Severity } from '../../monitor/domain/finding/finding.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { printable, printableJson } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';
import type { FixFrame } from './fix-text.ts';

/** One secret of a rotation function, and its repair. */
export interface SecretFix {
  readonly secret: Secret;
  readonly severity: Severity | undefined;
  /** Whether it is repaired before all others. */
  readonly isTrial: boolean;
  readonly outcome: 'planned' | 'refused' | 'repaired' | 'disproven' | 'stopped' | 'not-tried';
  readonly because: string | undefined;
}

/** The repairs of all secrets of a rotation function. */
export interface FunctionFix {
  readonly functionArn: string;
  readonly outcome: 'nothing' | 'planned' | 'repaired' | 'stopped';
  readonly because: string | undefined;
  /** In the order in which they are repaired, then those that are refused. */
  readonly secrets: readonly SecretFix[];
}

/** Prints the repairs for programs; `docs/schemas/fix-function.json` describes the format. */
export const functionJson = ({ functionArn, outcome, because, secrets }: FunctionFix): string =>
  printableJson({
    schemaVersion: 1,
    functionArn,
    outcome,
    because: because ?? null,
    secrets: secrets.map(({ secret, severity, isTrial, outcome: own, because: why }) => ({
      secretArn: secret.arn,
      secretName: secret.name,
      severity: severity ?? null,
      isTrial,
      outcome: own,
      because: why ?? null,
    })),
  });

/** Prints the repairs for a person. */
export function functionText(fix: FunctionFix, { colors, columns }: FixFrame): string {
  const { functionArn, outcome, because, secrets } = fix;
  const lines = secrets.flatMap(({ secret, severity = '', isTrial, outcome: own, because: why }, index) => {
    const trial = isTrial ? ', as a trial' : '';
    const reason = why === undefined ? '' : ` ${why}`;
    return hanging(printable(`${index + 1}. ${secret.name}: ${severity} ${own}${trial}.${reason}`), columns);
  });
  return [
    colors.bold(printable(functionArn)),
    `${plural(secrets.length, 'secret')} to be repaired: ${outcome}.${because === undefined ? '' : ` ${printable(because)}`}`,
    ...lines,
    '',
  ].join('\n');
}

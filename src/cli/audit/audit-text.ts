import { formatInstant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { AuditSummary, Population, Provenance } from '../../monitor/domain/report/audit-report.ts';
import type { SecretAudit } from '../../monitor/domain/report/secret-audit.ts';
import { type Colors, printable } from '../terminal/output.ts';

/** So many secrets are named; a report in another format has all. */
const MOST_NAMED = 20;

/** Gathers the parts of a report that people read on a terminal: the sums, and the secrets with failed controls. */
export class AuditText {
  readonly #colors: Colors;
  readonly #alarms: { readonly name: string; readonly controls: readonly string[] }[] = [];
  #more = 0;

  constructor(colors: Colors) {
    this.#colors = colors;
  }

  /** Takes a row into account. */
  add({ secretName, controls }: SecretAudit): void {
    const failed = controls.filter(({ status }) => status === 'alarm').map(({ control }) => control);
    if (failed.length === 0) return;
    if (this.#alarms.length < MOST_NAMED) this.#alarms.push({ name: secretName, controls: failed });
    else this.#more += 1;
  }

  /** The heading, for the time before any row was read. */
  begin(provenance: Provenance): string {
    return `${heading(provenance).join('\n')}\n\n`;
  }

  /** The rest, once all rows were read. */
  end(summary: AuditSummary): string {
    const lines = [
      ...sums(summary),
      '',
      ...summary.population.map(populationLine),
      ...coverageLines(summary),
      '',
      ...this.#controlLines(summary),
      '',
      ...this.#alarmLines(),
    ];
    return `${lines.join('\n').trimEnd()}\n`;
  }

  #controlLines({ controls }: AuditSummary): readonly string[] {
    const counted = Object.entries(controls).filter(([, counts]) =>
      Object.values(counts).some((count) => count > 0),
    );
    return [
      this.#colors.bold('Controls, each about single secrets and never about the organization'),
      ...counted.map(([id, counts]) => {
        const shown = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
        return `  ${id.padEnd(22)} ${shown.join(', ')}`;
      }),
    ];
  }

  #alarmLines(): readonly string[] {
    if (this.#alarms.length === 0) return ['No control failed.'];
    return [
      this.#colors.bold('Secrets with failed controls'),
      ...this.#alarms.map(({ name, controls }) => `  ${printable(name)}: ${controls.join(', ')}`),
      ...(this.#more === 0 ? [] : [`  and ${plural(this.#more, 'secret')} more; a report in CSV has all.`]),
    ];
  }
}

function heading({ period, readAt, historySince, sample }: Provenance): readonly string[] {
  const named = period.label === undefined ? '' : ` ${printable(period.label)},`;
  return [
    `Audit of${named} ${formatInstant(period.from)} to ${formatInstant(period.to)}, read at ${formatInstant(readAt)}`,
    historySince === undefined
      ? 'No deployed monitor was asked. Rotations, failures and changes of the period are unknown; only the last rotation is known.'
      : `History is known since ${formatInstant(historySince)}.`,
    ...(sample === undefined
      ? []
      : [`Sample of ${plural(sample.size, 'secret')} by the seed "${printable(sample.seed)}".`]),
  ];
}

const known = (count: number | undefined): string => (count === undefined ? 'unknown' : `${count}`);

const sums = ({ totals }: AuditSummary): readonly string[] => [
  `${plural(totals.secrets, 'secret')}: rotations completed: ${known(totals.rotationsCompleted)}, failures: ${known(totals.failures)},`,
  `windows due: ${known(totals.windowsDue)}, missed: ${known(totals.windowsMissed)}.`,
  `Figures are inferred for ${plural(totals.inferred, 'secret')} and unknown for ${totals.unknown}.`,
];

function populationLine({ account, region, opening, closing, difference, ...changes }: Population): string {
  const sum = `${opening ?? 'unknown'} + ${changes.created} created + ${changes.restored} restored - ${changes.deleted} deleted = ${closing ?? 'unknown'}`;
  const check = difference === undefined || difference === 0 ? '' : `, off by ${difference}`;
  return `Secrets in ${account} ${region}: ${sum}${check}`;
}

function coverageLines({ coverage }: AuditSummary): readonly string[] {
  const { checked, unverifiable, excluded, notSwept, unwatchedPrimaries } = coverage;
  const named = [...notSwept, ...unverifiable, ...unwatchedPrimaries].slice(0, MOST_NAMED);
  return [
    `Checked ${checked}, unverifiable ${coverage.unverifiableCount}, excluded ${excluded}, places not read ${notSwept.length}, replicas of unwatched primaries ${unwatchedPrimaries.length}`,
    ...named.map(({ what, because }) => `  ${printable(what)}: ${printable(because)}`),
  ];
}

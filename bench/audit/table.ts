import { DAY } from '../../src/calendar/instant.ts';
import type { MeasuredCli } from './measure-cli.ts';
import type { FunctionAudit, MeasuredFunction } from './measure-function.ts';
import type { MeasuredQuarter } from './measure-quarter.ts';

const MIB = 1024 * 1024;

/** A quarter beside the truth, as a table in Markdown. */
export function quarterTable({ compared, auditMs }: MeasuredQuarter): string {
  const { truth, population } = compared;
  return table(
    ['what', 'how many'],
    [
      ['secrets, and rows', `${number(compared.secrets)}, ${number(compared.rows)}`],
      ['events that arrived', number(compared.eventsDelivered)],
      ['events that were lost', number(compared.eventsDropped)],
      ['completed rotations', number(truth.completed)],
      ['failures', number(truth.failures)],
      ['windows due', number(truth.due)],
      ['windows missed', number(truth.missed)],
      ['longest repair', `${(truth.longestRepairMs / DAY).toFixed(1)} days`],
      ['rows with a figure that is not the truth', number(compared.differing.length)],
      ['rows whose completed rotations are not the truth', number(compared.miscounted.length)],
      ['rows with a success of which no event arrived', number(compared.withLostSuccess)],
      ['of these not marked', number(compared.unmarked.length)],
      ['rows whose failures are inferred', number(compared.inferred)],
      ...population.map(
        (each): Row => [
          'opening + created + restored − deleted = closing',
          `${each.opening} + ${each.created} + ${each.restored} − ${each.deleted} = ${each.closing}, off by ${each.difference}`,
        ],
      ),
      ['time of the audit alone, simulated account included', `${(auditMs / 1000).toFixed(0)} s`],
    ],
  );
}

/** Audits by the command line, as a table in Markdown. */
export const cliTable = ({ audits }: MeasuredCli): string =>
  table(
    ['format', 'peak memory, MiB', 'written, MB', 'pages before the first text', 'pages', 'pages unread'],
    audits.map(({ name, peakBytes, outBytes, pagesAtFirst, pages, pagesUnread }) => [
      name,
      String(Math.round(peakBytes / MIB)),
      (outBytes / 1e6).toFixed(1),
      outBytes === 0 ? '' : String(pagesAtFirst),
      String(pages),
      String(pagesUnread ?? ''),
    ]),
  );

/** Audits by the function, as a table in Markdown. */
export const functionTable = ({ whole, handedOver }: MeasuredFunction): string =>
  table(
    ['time of an invocation, s', 'invocations', 'longest, s', 'peak memory, MiB', 'rows'],
    [whole, handedOver].map(functionRow),
  );

const functionRow = ({ timeoutMs, invocations, rows }: FunctionAudit): Row => [
  String(timeoutMs / 1000),
  String(invocations.length),
  (Math.max(...invocations.map(({ wallMs }) => wallMs)) / 1000).toFixed(1),
  String(Math.round(Math.max(...invocations.map(({ peakBytes }) => peakBytes)) / MIB)),
  number(rows),
];

type Row = readonly string[];

const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const number = (value: number): string => value.toLocaleString('en-US');

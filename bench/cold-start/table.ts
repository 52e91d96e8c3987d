import { cpus } from 'node:os';
import type { Cost } from './measure.ts';

/** The costs of one handler in the three ways of bundling. */
export interface HandlerCosts {
  readonly name: string;
  readonly ours: Cost;
  /** Only the clients it needs, bundled like ours. */
  readonly bare: Cost;
  /** Cost as the NodejsFunction construct bundles it by default. */
  readonly usual: Cost;
}

/** The table for bench/README.md. */
export function resultTable(costs: readonly HandlerCosts[], version: string, date: string): string {
  const rows = costs.map(({ name, ours, bare, usual }) =>
    [
      `\`${name}\``,
      kilobytes(ours),
      kilobytes(bare),
      milliseconds(ours),
      milliseconds(bare),
      (ours.importMs / bare.importMs).toFixed(2),
      milliseconds(usual),
    ].join(' | '),
  );
  return [
    `${cpus().length} cores, Node ${version}, ${date}, processor time:`,
    '',
    '| handler | loads, kB | its clients, kB | import, ms | its clients, ms | ratio | NodejsFunction default, ms |',
    '| --- | --: | --: | --: | --: | --: | --: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

const kilobytes = ({ bytes }: Cost): string => (bytes / 1000).toFixed(0);
const milliseconds = ({ importMs }: Cost): string => importMs.toFixed(1);

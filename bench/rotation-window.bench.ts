import { beforeAll, bench } from 'vitest';
import { MARIADB, missing } from '../test/client/database/server.ts';
import { measureWindow, type WindowCost } from './client/window/measure.ts';

/** Longest of 99 in 100 waits for a connection in the gap, in milliseconds. */
const P99_MS = 250;

const reason = missing(MARIADB);
let costs: readonly WindowCost[] = [];

beforeAll(async () => {
  if (reason !== undefined) return console.log(`The rotation window is not measured: ${reason}`);
  costs = await measureWindow();
  const cells = ({ name, queries, failed, refused, reads, ...times }: WindowCost) =>
    `| ${[name, queries, failed, refused ?? '', reads ?? '', ...[times.p99BeforeMs, times.p50Ms, times.p99Ms].map((ms) => (ms === 0 ? '–' : ms.toFixed(1)))].join(' | ')} |`;
  console.log(
    [
      '| client | queries | requests failed | log-ins refused | reads | p99 before, ms | p50 in the gap, ms | p99 in the gap, ms |',
      '| --- | --: | --: | --: | --: | --: | --: | --: |',
      ...costs.map(cells),
    ].join('\n'),
  );
}, 0);

bench(
  'a pool goes through a gap of 30 s without a failure, where others fail',
  () => {
    const [ours, ...peers] = costs;
    if (ours === undefined) return;
    if (ours.failed > 0) throw new Error(`${ours.failed} requests failed`);
    if (ours.p99Ms > P99_MS) throw new Error(`99 in 100 waits take ${ours.p99Ms} ms, more than ${P99_MS}`);
    if (!peers.some(({ failed }) => failed > 0))
      throw new Error('No other client failed: the gap proves nothing');
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

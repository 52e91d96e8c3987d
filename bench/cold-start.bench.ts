import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, bench } from 'vitest';
import { buildHandlers, handlerNames } from '../scripts/bundle/build-handlers.ts';
import { embeddedEnvironment } from '../src/proving/embedded/environment.ts';
import { type Cost, measure } from './cold-start/measure.ts';
import { buildBareHandlers, buildDefaultHandlers } from './cold-start/peers.ts';
import { type HandlerCosts, resultTable } from './cold-start/table.ts';

/** Of the time that a handler with only the clients it needs takes to be imported. */
const MOST = 1.5;
const ENVIRONMENT = {
  ...embeddedEnvironment({ account: '111122223333', region: 'eu-west-1' }),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

let costs: readonly HandlerCosts[];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const beside = resolve('node_modules/.cache');
  mkdirSync(beside, { recursive: true });
  const withSdk = mkdtempSync(join(beside, 'cold-start-'));
  await buildHandlers(join(folder, 'ours'));
  await buildBareHandlers(join(folder, 'bare'));
  await buildDefaultHandlers(withSdk);
  costs = handlerNames().map((name) => {
    const measured = measure(
      new Map([
        ['ours', join(folder, 'ours', `${name}.mjs`)],
        ['bare', join(folder, 'bare', `${name}.mjs`)],
        ['default', join(withSdk, `${name}.cjs`)],
      ]),
      ENVIRONMENT,
    );
    const cost = (way: string): Cost => measured.get(way) ?? { importMs: 0, bytes: 0 };
    return { name, ours: cost('ours'), bare: cost('bare'), usual: cost('default') };
  });
  console.log(resultTable(costs, new Date().toISOString().slice(0, 10)));
}, 0);

/** One comparison, made once: what counts was measured above, in processes of their own. */
bench(
  'every handler is imported nearly as fast as the clients it needs',
  () => {
    const slow = costs.filter(({ ours, bare }) => ours.importMs > MOST * bare.importMs);
    if (slow.length > 0) throw new Error(`Slow to import: ${slow.map(({ name }) => name).join(', ')}`);
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

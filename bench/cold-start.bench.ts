import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, bench } from 'vitest';
import { buildHandlers, handlerNames } from '../scripts/bundle/build-handlers.ts';
import { packedTemplate, planMonitor } from '../src/proving/player/monitor.ts';
import { deployedNode } from './cold-start/deployed-node.ts';
import { type Cost, measure } from './cold-start/measure.ts';
import { buildBareHandlers, buildDefaultHandlers } from './cold-start/peers.ts';
import { type HandlerCosts, resultTable } from './cold-start/table.ts';

/** Most processor time of an import, as a multiple of that of a handler with only the clients it needs. */
const MOST = 1.5;
const HOME = { account: '111122223333', region: 'eu-west-1' };
const PLAN = planMonitor(HOME, { template: packedTemplate('home-full') });

/** The handlers by the version of Node.js that imported them. */
const costs = new Map<string, readonly HandlerCosts[]>();

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const beside = resolve('node_modules/.cache');
  mkdirSync(beside, { recursive: true });
  const withSdk = mkdtempSync(join(beside, 'cold-start-'));
  await buildHandlers(join(folder, 'ours'));
  await buildBareHandlers(join(folder, 'bare'));
  await buildDefaultHandlers(withSdk);
  const ways = (name: string) =>
    new Map([
      ['ours', join(folder, 'ours', `${name}.mjs`)],
      ['bare', join(folder, 'bare', `${name}.mjs`)],
      ['default', join(withSdk, `${name}.cjs`)],
    ]);
  for (const node of [process.execPath, await deployedNode()]) {
    if (node === undefined) continue;
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    costs.set(
      version,
      handlerNames().map((name) => costsOf(name, ways(name), node)),
    );
    console.log(resultTable(costs.get(version) ?? [], version, new Date().toISOString().slice(0, 10)));
  }
  return () => rmSync(withSdk, { recursive: true, force: true });
}, 0);

function costsOf(name: string, ways: ReadonlyMap<string, string>, node: string): HandlerCosts {
  const deployed = PLAN.functionOf(name);
  const environment = {
    ...deployed.environment,
    AWS_LAMBDA_FUNCTION_NAME: deployed.name,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const measured = measure(ways, { node, environment });
  const cost = (way: string): Cost => measured.get(way) ?? { importMs: 0, bytes: 0 };
  return { name, ours: cost('ours'), bare: cost('bare'), usual: cost('default') };
}

/** One comparison, made once: what counts was measured above, in processes of their own. */
bench(
  'every handler is imported nearly as fast as the clients it needs',
  () => {
    const slow = [...costs].flatMap(([version, handlers]) =>
      handlers
        .filter(({ ours, bare }) => ours.importMs > MOST * bare.importMs)
        .map(({ name }) => `${name} on Node ${version}`),
    );
    if (slow.length > 0) throw new Error(`Slow to import: ${slow.join(', ')}`);
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

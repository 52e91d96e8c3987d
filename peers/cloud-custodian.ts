import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { fleetScanner, judgesCopies } from './support/fleet-scanner.ts';
import { programPath } from './support/ground.ts';
import { STAGED_BY_HAND } from './support/judgements.ts';
import type { Peer } from './support/peer.ts';

/** Policies of `programs/custodian.json` beside our controls. */
const POLICIES: Readonly<Record<string, string>> = {
  'SecretsManager.1': 'rotation-off',
  'SecretsManager.2': 'rotation-late',
  'SecretsManager.3': 'unused',
  'SecretsManager.4': 'old-value',
  'SecretsManager.5': 'untagged',
  [STAGED_BY_HAND]: 'staged-without-rotation',
};

const resources = z.array(z.object({ Name: z.string() }));

/** Rules for accounts, as policies. */
export const cloudCustodian: Peer = fleetScanner({
  name: 'cloud-custodian',
  software: 'Cloud Custodian',
  version: '0.9.53',
  packageName: 'c7n',
  program: 'custodian',
  limits:
    'It comes without policies, so these are ours: what it judges is how it reads and compares. Keys and resource policies have no counterpart.',
  explained: [judgesCopies('Custodian lists each copy.')],
  pairs: POLICIES,
  words: (folder) => [
    ...['run', '-s', folder, '--region', 'eu-west-1', '--cache-period', '0'],
    programPath('custodian.json'),
  ],
  rows: judgements,
});

/** Judges all secrets: those that a policy matches fail, and the others that it is about pass. */
async function judgements(folder: string) {
  const matched = async (policy: string): Promise<readonly string[]> => {
    const text = await readFile(join(folder, policy, 'resources.json'), 'utf8');
    return resources.parse(JSON.parse(text)).map(({ Name }) => Name);
  };
  const [listed, rotates] = [await matched('listed'), await matched('rotates')];
  const rows = await Promise.all(
    Object.values(POLICIES).map(async (policy) => {
      const failing = await matched(policy);
      const scope = policy === 'rotation-late' ? rotates : listed;
      return scope.map((name) => [policy, name, failing.includes(name) ? 'fails' : 'passes'] as const);
    }),
  );
  return rows.flat();
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { seedFleet } from './support/fleet.ts';
import { type Ground, programPath, run } from './support/ground.ts';
import {
  auditedFleet,
  callerOf,
  casesOf,
  type Judgements,
  judgementsOf,
  pairsText,
  STAGED_BY_HAND,
} from './support/judgements.ts';
import type { Explanation, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';

const VERSION = '0.9.53';

/** Policies of `programs/custodian.json` beside our controls. */
const POLICIES: Readonly<Record<string, string>> = {
  'SecretsManager.1': 'rotation-off',
  'SecretsManager.2': 'rotation-late',
  'SecretsManager.3': 'unused',
  'SecretsManager.4': 'old-value',
  'SecretsManager.5': 'untagged',
  [STAGED_BY_HAND]: 'staged-without-rotation',
};

const EXPLAINED: readonly Explanation[] = [
  {
    cases: /: replica$/,
    why: 'A replica has no rotation and no new value of its own: our audit judges its primary, where that is. Custodian lists each copy.',
    source:
      'https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html',
  },
];

const resources = z.array(z.object({ Name: z.string() }));

const installed = (ground: Ground): Promise<string> => pythonWith(ground, [`c7n==${VERSION}`]);

/** Rules for accounts, as policies. */
export const cloudCustodian: Peer = {
  name: 'cloud-custodian',
  software: 'Cloud Custodian',
  version: VERSION,
  from: 'PyPI',
  against: '`audit` of a fleet of every state, on `simulate`',
  needs: ['python3'],
  limits:
    'It comes without policies, so these are ours: what it judges is how it reads and compares. Keys and resource policies have no counterpart.',
  explained: EXPLAINED,
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    const { endpoint, simulator } = await ground.simulate();
    seedFleet(simulator);
    ground.note(pairsText(POLICIES));
    const theirs = await judgedBy(bin, endpoint);
    return casesOf(POLICIES, { theirs, ours: await auditedFleet(endpoint) });
  },
};

/** Judgements of the policies: what a policy matches fails, and what it is about besides passes. */
async function judgedBy(bin: string, endpoint: string): Promise<Judgements> {
  const folder = await mkdtemp(join(tmpdir(), 'custodian-'));
  const words = ['run', '-s', folder, '--region', 'eu-west-1', '--cache-period', '0'];
  const ran = await run(join(bin, 'custodian'), [...words, programPath('custodian.json')], {
    env: callerOf(endpoint),
  });
  try {
    if (ran.status !== 0) throw new Error(`Custodian ended with ${ran.status}: ${ran.stderr.slice(-1000)}`);
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
    return judgementsOf(rows.flat());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { seedFleet } from './support/fleet.ts';
import { type Ground, run } from './support/ground.ts';
import {
  auditedFleet,
  callerOf,
  casesOf,
  type Judged,
  type Judgements,
  judgementsOf,
  pairsText,
} from './support/judgements.ts';
import type { Explanation, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';

const VERSION = '5.46.0';

/** Prowler's checks beside our controls; of SecretsManager.2 and of tags it has none. */
const CHECKS: Readonly<Record<string, string>> = {
  'SecretsManager.1': 'secretsmanager_automatic_rotation_enabled',
  'SecretsManager.3': 'secretsmanager_secret_unused',
  'SecretsManager.4': 'secretsmanager_secret_rotated_periodically',
};

const CONFIG = 'https://docs.aws.amazon.com/config/latest/developerguide';

const EXPLAINED: readonly Explanation[] = [
  {
    cases: /: replica$/,
    why: 'A replica has no rotation and no new value of its own: our audit judges its primary, where that is. Prowler judges each copy.',
    source:
      'https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html',
  },
  {
    cases: /^SecretsManager\.4 .*: rotated-90-days-ago$/,
    why: 'The last rotation is 90 days and a half ago. Prowler counts whole days, so that this is not more than 90; we count the time.',
    source: `${CONFIG}/secretsmanager-secret-periodic-rotation.html`,
  },
  {
    cases:
      /^SecretsManager\.4 .*: (not-yet-rotated|never-read-new|no-rotation-new|staged-by-hand|of-another-service|without-value)$/,
    why: 'Prowler fails what has no LastRotatedDate, however young. AWS bounds the days in which a secret stays unchanged: we count from its creation.',
    source: `${CONFIG}/secretsmanager-secret-periodic-rotation.html`,
  },
  {
    cases: /^SecretsManager\.4 .*-new-value$/,
    why: 'A value that was put by hand moves no LastRotatedDate, by which Prowler goes. We go by the creation of the version in use.',
    source: 'https://github.com/cloud-custodian/cloud-custodian/issues/10416',
  },
  {
    cases: /^SecretsManager\.3 .*: (never-read-new|without-value)$/,
    why: 'Prowler fails what nobody has ever read, however young. We count from the creation, as nobody can have read it earlier.',
    source: 'https://github.com/cloudquery/cloudquery/issues/13773',
  },
];

const findings = z.array(
  z.object({
    status_code: z.string(),
    metadata: z.object({ event_code: z.string() }),
    resources: z.tuple([z.object({ name: z.string() })]),
  }),
);

const installed = (ground: Ground): Promise<string> => pythonWith(ground, [`prowler==${VERSION}`]);

/** A scanner of accounts for security. */
export const prowler: Peer = {
  name: 'prowler',
  software: 'Prowler',
  version: VERSION,
  from: 'PyPI',
  against: '`audit` of a fleet of every state, on `simulate`',
  needs: ['python3'],
  limits:
    'Its two checks of resource policies have no counterpart in our audit, and SecretsManager.2 and .5 none in Prowler.',
  explained: EXPLAINED,
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    const { endpoint, simulator } = await ground.simulate();
    seedFleet(simulator);
    ground.note(pairsText(CHECKS));
    const theirs = await scanned(bin, endpoint);
    return casesOf(CHECKS, { theirs, ours: await auditedFleet(endpoint) });
  },
};

const WORDS: Readonly<Record<string, Judged>> = { FAIL: 'fails', PASS: 'passes' };

/** Judgements of Prowler on all secrets behind an endpoint. */
async function scanned(bin: string, endpoint: string): Promise<Judgements> {
  const folder = await mkdtemp(join(tmpdir(), 'prowler-'));
  const output = [
    '--output-formats',
    'json-ocsf',
    '--output-directory',
    folder,
    '--output-filename',
    'found',
  ];
  const words = ['aws', '--checks', ...Object.values(CHECKS), '--region', 'eu-west-1', ...output];
  const ran = await run(join(bin, 'prowler'), [...words, '--ignore-exit-code-3', '--no-banner'], {
    env: callerOf(endpoint),
  });
  try {
    if (ran.status !== 0) throw new Error(`Prowler ended with ${ran.status}: ${ran.stderr.slice(-1000)}`);
    const text = await readFile(join(folder, 'found.ocsf.json'), 'utf8');
    const rows = findings
      .parse(JSON.parse(text))
      .map(
        ({ metadata, resources: [{ name }], status_code }) =>
          [metadata.event_code, name, WORDS[status_code] ?? 'not judged'] as const,
      );
    return judgementsOf(rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

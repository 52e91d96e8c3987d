import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { fleetScanner, judgesCopies } from './support/fleet-scanner.ts';
import type { Judged } from './support/judgements.ts';
import type { Explanation, Peer } from './support/peer.ts';

/** Prowler's checks beside our controls; of SecretsManager.2 and of tags it has none. */
const CHECKS: Readonly<Record<string, string>> = {
  'SecretsManager.1': 'secretsmanager_automatic_rotation_enabled',
  'SecretsManager.3': 'secretsmanager_secret_unused',
  'SecretsManager.4': 'secretsmanager_secret_rotated_periodically',
};

const CONFIG = 'https://docs.aws.amazon.com/config/latest/developerguide';

const EXPLAINED: readonly Explanation[] = [
  judgesCopies('Prowler judges each copy.'),
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

const WORDS: Readonly<Record<string, Judged>> = { FAIL: 'fails', PASS: 'passes' };

const REPORT = 'found';

/** A scanner of accounts for security. */
export const prowler: Peer = fleetScanner({
  name: 'prowler',
  software: 'Prowler',
  version: '5.46.0',
  packageName: 'prowler',
  program: 'prowler',
  limits:
    'Its two checks of resource policies have no counterpart in our audit, and SecretsManager.2 and .5 none in Prowler.',
  explained: EXPLAINED,
  pairs: CHECKS,
  words: (folder) => [
    ...['aws', '--checks', ...Object.values(CHECKS), '--region', 'eu-west-1'],
    ...['--output-formats', 'json-ocsf', '--output-directory', folder, '--output-filename', REPORT],
    ...['--ignore-exit-code-3', '--no-banner'],
  ],
  rows: async (folder) => {
    const text = await readFile(join(folder, `${REPORT}.ocsf.json`), 'utf8');
    return findings
      .parse(JSON.parse(text))
      .map(({ metadata, resources: [{ name }], status_code }) => [
        metadata.event_code,
        name,
        WORDS[status_code] ?? 'not judged',
      ]);
  },
});

import { join } from 'node:path';
import { readsThroughRotation } from './support/caching-client.ts';
import { type Ground, programPath } from './support/ground.ts';
import { startLineProgram } from './support/line-program.ts';
import type { Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';

const VERSION = '1.2.0';
const BOTO3 = '1.44.8';

const installed = (ground: Ground): Promise<string> =>
  pythonWith(ground, [`aws-secretsmanager-caching==${VERSION}`, `boto3==${BOTO3}`]);

/** AWS's caching client for Python. */
export const cachingPython: Peer = {
  name: 'caching-python',
  software: 'aws-secretsmanager-caching for Python',
  version: VERSION,
  from: 'PyPI',
  against: '`simulate` through a rotation and through throttling',
  needs: ['python3'],
  limits: 'Its refresh waits 2.5 to 5 s by chance, so no time is compared.',
  explained: [],
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    return readsThroughRotation(await ground.simulate(), (endpoint, seconds) =>
      startLineProgram(join(bin, 'python'), [programPath('caching.py'), endpoint, String(seconds)]),
    );
  },
};

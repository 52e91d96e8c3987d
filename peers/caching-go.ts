import { readsThroughRotation } from './support/caching-client.ts';
import { goProgram } from './support/go.ts';
import type { Ground } from './support/ground.ts';
import { startLineProgram } from './support/line-program.ts';
import type { Peer } from './support/peer.ts';

const VERSION = 'v2.2.0';

const MODULES = [`github.com/aws/aws-secretsmanager-caching-go/v2@${VERSION}`];

const installed = (ground: Ground): Promise<string> =>
  goProgram(ground, { file: 'caching.go', modules: MODULES });

/** AWS's caching client for Go. */
export const cachingGo: Peer = {
  name: 'caching-go',
  software: 'aws-secretsmanager-caching-go',
  version: VERSION,
  from: 'Go proxy',
  against: '`simulate` through a rotation and through throttling',
  needs: ['go'],
  limits: 'Its refresh waits by chance, so no time is compared.',
  explained: [],
  install: installed,
  run: async (ground) => {
    const program = await installed(ground);
    return readsThroughRotation(await ground.simulate(), (endpoint, seconds) =>
      startLineProgram(program, [endpoint, String(seconds)]),
    );
  },
};

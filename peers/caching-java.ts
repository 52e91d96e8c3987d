import { readsThroughRotation } from './support/caching-client.ts';
import { type Ground, programPath } from './support/ground.ts';
import { javaWith } from './support/java.ts';
import { startLineProgram } from './support/line-program.ts';
import type { Peer } from './support/peer.ts';

const VERSION = '2.2.0';

const installed = (ground: Ground): Promise<string> =>
  javaWith(ground, `com.amazonaws.secretsmanager:aws-secretsmanager-caching-java:${VERSION}`);

/** AWS's caching client for Java. */
export const cachingJava: Peer = {
  name: 'caching-java',
  software: 'aws-secretsmanager-caching-java',
  version: VERSION,
  from: 'Maven Central',
  against: '`simulate` through a rotation and through throttling',
  needs: ['java', 'mvn'],
  limits: 'Its refresh waits by chance, so no time is compared.',
  explained: [],
  install: installed,
  run: async (ground) => {
    const classes = await installed(ground);
    return readsThroughRotation(await ground.simulate(), (endpoint, seconds) =>
      startLineProgram('java', ['-cp', classes, programPath('Caching.java'), endpoint, String(seconds)]),
    );
  },
};

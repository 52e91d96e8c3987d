import { peerModules } from '../bench/client/window/clients.ts';
import type { WindowCost } from '../bench/client/window/measure.ts';
import { MARIADB, missing } from '../test/client/database/server.ts';
import { programPath, run, Unavailable } from './support/ground.ts';
import type { Case, Peer } from './support/peer.ts';

/** From setSecret to finishSecret, in milliseconds; 30 s in `bench/rotation-window.bench.ts`. */
const GAP_MS = 5_000;

/** Some clients take credentials from the environment alone. */
const ENV = {
  AWS_ACCESS_KEY_ID: 'application',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Clients of npm, by their names in the bench. */
const CLIENTS = [
  'powertools',
  'powertools, forceFetch after a refusal',
  'middy',
  'aws-advanced-nodejs-wrapper',
];

/** Clients of others in the gap of a rotation. */
export const windowClients: Peer = {
  name: 'window-clients',
  software: 'Powertools parameters, middy and AWS Advanced NodeJS Wrapper',
  version: '2.35.0, 6.4.5, 2.0.1',
  from: 'npm',
  against: '`rotatingPool` of the client, on a MariaDB between setSecret and finishSecret',
  needs: ['npm'],
  limits:
    'Time to live of 5 s and a gap of 5 s; how many requests fail depends on the machine, whether any does not.',
  explained: [
    {
      cases: /^requests that fail: /,
      rest: (answer) => answer === 'all',
      why: 'These clients read AWSCURRENT alone, which the database refuses between setSecret and finishSecret.',
      source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html',
    },
  ],
  install: async () => {
    const reason = missing(MARIADB);
    if (reason !== undefined) throw new Unavailable(reason);
    if (peerModules() === undefined) throw new Unavailable('npm cannot install the packages');
  },
  run: async (ground) => {
    const { stdout, stderr } = await run('npx', ['tsx', programPath('window.ts'), String(GAP_MS)], {
      env: ENV,
    });
    if (stdout === '') throw new Error(`Nothing was measured: ${stderr}`);
    const [ours, ...others] = JSON.parse(stdout) as readonly WindowCost[];
    if (ours === undefined) throw new Error('Nothing was measured');
    const cases = CLIENTS.map((name) => caseOf(name, ours, others));
    for (const cost of [ours, ...others]) ground.note(noteOf(cost));
    return cases;
  },
};

function caseOf(name: string, ours: WindowCost, others: readonly WindowCost[]): Case {
  const cost = others.find((each) => each.name === name);
  if (cost === undefined) throw new Unavailable(`npm does not install the packages of ${name}`);
  return { name: `requests that fail: ${name}`, theirs: answer(cost), ours: answer(ours) };
}

function answer({ failed, queries }: WindowCost): string {
  if (queries === 0) return 'all';
  return failed === 0 ? 'none' : 'some';
}

const noteOf = ({ name, queries, failed, refused, reads }: WindowCost): string => {
  const alone = refused === undefined ? '' : `, with ${refused} refused log-ins and ${reads} reads`;
  return `${name}: ${failed} requests failed beside ${queries} queries${alone}.`;
};

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedFleet } from './fleet.ts';
import { type Ground, run } from './ground.ts';
import { auditedFleet, callerOf, casesOf, type Judged, judgementsOf, pairsText } from './judgements.ts';
import type { Explanation, Peer } from './peer.ts';
import { pythonWith } from './python.ts';

/** A scanner of accounts, from PyPI, whose checks stand beside the controls of our audit. */
export interface FleetScanner extends Pick<Peer, 'name' | 'software' | 'version' | 'limits' | 'explained'> {
  /** Its package on PyPI. */
  readonly packageName: string;
  readonly program: string;
  /** Its checks beside our controls. */
  readonly pairs: Readonly<Record<string, string>>;
  /** Returns the words by which it judges all secrets, and writes what it finds into a folder. */
  words(folder: string): readonly string[];
  /** Reads what it has found: checks, names of secrets and judgements. */
  rows(folder: string): Promise<readonly (readonly [string, string, Judged])[]>;
}

/** Lets a scanner and our audit judge the same fleet of every state. */
export function fleetScanner(scanner: FleetScanner): Peer {
  const { name, software, version, packageName, limits, explained, pairs } = scanner;
  const install = (ground: Ground): Promise<string> => pythonWith(ground, [`${packageName}==${version}`]);
  return {
    name,
    software,
    version,
    from: 'PyPI',
    against: '`audit` of a fleet of every state, on `simulate`',
    needs: ['python3'],
    limits,
    explained,
    install,
    run: async (ground) => {
      const bin = await install(ground);
      const { endpoint, simulator } = await ground.simulate();
      seedFleet(simulator);
      ground.note(pairsText(pairs));
      const theirs = judgementsOf(await scanned(scanner, bin, endpoint));
      return casesOf(pairs, { theirs, ours: await auditedFleet(endpoint) });
    },
  };
}

async function scanned(
  { name, software, program, words, rows }: FleetScanner,
  bin: string,
  endpoint: string,
) {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  try {
    const ran = await run(join(bin, program), words(folder), { env: callerOf(endpoint) });
    if (ran.status !== 0) throw new Error(`${software} ended with ${ran.status}: ${ran.stderr.slice(-1000)}`);
    return await rows(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Explains that a scanner judges the copies of a secret, too; `theirs` is a full sentence that says how. */
export const judgesCopies = (theirs: string): Explanation => ({
  cases: /: replica$/,
  why: `A replica has no rotation and no new value of its own: our audit judges its primary, where that is. ${theirs}`,
  source:
    'https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html',
});

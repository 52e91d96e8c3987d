import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGround, Unavailable } from './ground.ts';
import { assertLoopbackOnly, loopbackWords, runAgain } from './loopback.ts';
import type { Attempt, Peer } from './peer.ts';

/** The file that a process inside leaves to the one outside. */
type Left = Omit<Attempt, 'isHeld'> | { readonly unavailable: string };

/** Runs an installed peer in a process of its own, which has no network but loopback where the machine can do that. */
export async function attempt({ name }: Peer): Promise<Attempt> {
  const before = await loopbackWords();
  const folder = await mkdtemp(join(tmpdir(), 'peer-'));
  const file = join(folder, 'answers.json');
  const held = before === undefined ? [] : ['--held'];
  try {
    const status = await runAgain(before ?? [], ['--inside', name, '--answers', file, ...held]);
    if (status !== 0) throw new Error(`The process of "${name}" ended with ${status}`);
    const left = JSON.parse(await readFile(file, 'utf8')) as Left;
    if ('unavailable' in left) throw new Unavailable(left.unavailable);
    return { ...left, isHeld: before !== undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The place of a peer that {@link attempt} runs. */
export interface Inside {
  readonly file: string;
  /** Whether there must be no network but loopback. */
  readonly isHeld: boolean;
}

/** Runs a peer here, and leaves its answers in a file. */
export async function answerInside(peer: Peer, { file, isHeld }: Inside): Promise<void> {
  if (isHeld) assertLoopbackOnly();
  const { ground, notes, close } = openGround((text) => console.error(`${peer.name}: ${text}`));
  try {
    const cases = await peer.run(ground);
    await leave(file, { cases, notes });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    await leave(file, { unavailable: error.message });
  } finally {
    await close();
  }
}

const leave = (file: string, left: Left): Promise<void> => writeFile(file, JSON.stringify(left));

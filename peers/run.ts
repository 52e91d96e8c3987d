import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Argument, Option } from 'commander';
import { toolCommand } from '../scripts/tools/tool-command.ts';
import { awsCli } from './aws-cli.ts';
import { cachingGo } from './caching-go.ts';
import { cachingJava } from './caching-java.ts';
import { cachingPython } from './caching-python.ts';
import { cfnLint } from './cfn-lint.ts';
import { checkov } from './checkov.ts';
import { cloudCustodian } from './cloud-custodian.ts';
import { eventRuler } from './event-ruler.ts';
import { lambdaEmulator } from './lambda-emulator.ts';
import { moto } from './moto.ts';
import { opentofu } from './opentofu.ts';
import { parliament } from './parliament.ts';
import { prowler } from './prowler.ts';
import { answerInside, attempt } from './support/attempt.ts';
import { openGround, run, Unavailable } from './support/ground.ts';
import { differenceText, pageOf, tableOf } from './support/page.ts';
import { isUnsettled, type Outcome, outcomeOf, type Peer } from './support/peer.ts';
import { windowClients } from './window-clients.ts';
import { workloadCredentialsProvider } from './workload-credentials-provider.ts';

const PEERS: readonly Peer[] = [
  moto,
  awsCli,
  cachingPython,
  cachingJava,
  cachingGo,
  lambdaEmulator,
  eventRuler,
  prowler,
  cloudCustodian,
  cfnLint,
  checkov,
  parliament,
  workloadCredentialsProvider,
  opentofu,
  windowClients,
];

const PAGE = fileURLToPath(new URL('../docs/compared.md', import.meta.url));

const NAMES = PEERS.map(({ name }) => name);

/** Options of the command line; all are for the command itself, when it starts again without a network. */
interface Given {
  readonly inside?: string;
  readonly answers?: string;
  readonly held: boolean;
}

const hidden = (flags: string): Option => new Option(flags).hideHelp();

const command = toolCommand({
  name: 'npm run peers --',
  does: `Installs software that others wrote for AWS, runs it against parts of this project, and says where the two disagree. What it installs is kept in $XDG_CACHE_HOME/secret-rotation-monitor/peers. Once installed, each peer runs in a network namespace that has loopback alone, where the machine can make one. A run of all peers writes docs/compared.md.`,
  examples: ['npm run peers', 'npm run peers -- moto event-ruler'],
  exitCodes: {
    0: 'every peer that can be had here agrees, or its disagreement is explained',
    1: 'a disagreement that nothing explains, or an explanation that no longer explains anything',
  },
})
  .addArgument(new Argument('[name...]', 'peers').choices(NAMES))
  .addOption(hidden('--inside <peer>'))
  .addOption(hidden('--answers <file>'))
  .addOption(hidden('--held').default(false))
  .action(async (names: readonly string[], { inside, answers: file, held: isHeld }: Given) => {
    const insider = PEERS.find(({ name }) => name === inside);
    if (insider !== undefined && file !== undefined) await answerInside(insider, { file, isHeld });
    else process.exitCode = await runPeers(names);
  });

/** Runs the peers of these names, or all, and returns the exit code. */
async function runPeers(names: readonly string[]): Promise<number> {
  const chosen = PEERS.filter(({ name }) => names.length === 0 || names.includes(name));
  const outcomes: Outcome[] = [];
  for (const peer of chosen) outcomes.push(await outcomeAt(peer));
  const isWhole = chosen.length === PEERS.length;
  console.log(tableOf(outcomes));
  if (isWhole) await writeFile(PAGE, pageOf(outcomes, new Date().toISOString().slice(0, 10)));
  const unsettled = outcomes.filter(isUnsettled);
  for (const { notes } of outcomes) for (const note of notes) console.log(note);
  for (const outcome of unsettled) tellUnsettled(outcome);
  return unsettled.length === 0 ? 0 : 1;
}

async function outcomeAt(peer: Peer): Promise<Outcome> {
  const startedAt = performance.now();
  const tell = (text: string): void => console.error(`${peer.name}: ${text}`);
  const { ground, close } = openGround(tell);
  try {
    for (const program of peer.needs) await mustBeThere(program);
    await peer.install(ground);
    const outcome = outcomeOf(peer, await attempt(peer));
    if (!outcome.isHeld) tell('this machine has no network namespaces, so nothing held it to loopback');
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    tell(`${outcome.cases} cases, ${outcome.differences.length} disagreements, ${seconds} s`);
    return outcome;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    tell(`skipped: ${error.message}`);
    return { peer, skipped: error.message, cases: 0, differences: [], stale: [], notes: [], isHeld: true };
  } finally {
    await close();
  }
}

async function mustBeThere(program: string): Promise<void> {
  const { status } = await run('sh', ['-c', `command -v ${program}`]);
  if (status !== 0) throw new Unavailable(`"${program}" is not installed`);
}

function tellUnsettled({ peer, differences, stale }: Outcome): void {
  console.error(`\n${peer.name} disagrees where nothing explains it:`);
  for (const each of differences) if (each.explanation === undefined) console.error(differenceText(each));
  for (const { cases, why } of stale) console.error(`  no longer explains anything: ${cases} (${why})`);
}

await command.parseAsync();

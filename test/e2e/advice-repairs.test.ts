import { expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import { adviceIn } from '../../src/proving/court/told/told-in.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { followAdvice, type StepDone } from '../../src/proving/operator/operator.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { NAME } from '../support/failure-mode-stage.ts';
import { type Played, playedForTheLastMail } from '../support/played.ts';

/** All that an operator can repair with the commands alone; the others need a person at the target or in the code. */
const REPAIRABLE =
  'F1 F2 F3 F3b F3c F5 F5b F5c F5d F5e F6 F7 F8 F8b F10b F11 F11b F12b F13 F14 F18 F21 F22 F23 F24 F27 F31 F32 F33'.split(
    ' ',
  );

/** Modes in which the target has a password that no version has. */
const MISTAKEN: readonly string[] = ['F5', 'F8b'];

/** Gives the target the pending password, as its administrator does who finds out why it took another one. */
async function mendTarget({ call, secretsManager }: Played['simulator']): Promise<void> {
  const pending = { SecretId: NAME, VersionStage: 'AWSPENDING' };
  const answer = await call('secretsmanager', 'GetSecretValue', pending, 'administrator');
  const { SecretString: text } = answer as { readonly SecretString: string };
  secretsManager.database(NAME).setPassword({ field: 'SecretString', text });
}

/** Returns the typed commands that the simulator refused. */
const refused = (done: readonly StepDone[]): readonly string[] =>
  done.flatMap(({ commands }) =>
    commands.flatMap(({ line, outcome }) => (outcome.kind === 'refused' ? `${line}: ${outcome.text}` : [])),
  );

/** Does what the last alert says, each step only where its own words allow it. */
async function followed({ simulator, alarming }: Played): Promise<readonly StepDone[]> {
  const wait = (): Promise<void> => simulator.clock.advance(5 * MINUTE);
  const desk = { simulator, secretArn: NAME, uuid: seededRandom(7).uuid, wait };
  const done = await followAdvice(desk, adviceIn(alarming().at(-1)?.message ?? ''));
  await simulator.clock.advance(10 * MINUTE);
  return done;
}

test.each(REPAIRABLE)(
  'what the last alert about %s says repairs the secret once the cause is gone',
  async (id) => {
    const deployed = await playedForTheLastMail(id);
    const { simulator, subjects } = deployed;
    simulator.eventBridge.setFaults({ drop: 0 });
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    simulator.secretsManager.configure(NAME, { replication: 'works' });
    if (MISTAKEN.includes(id)) await mendTarget(simulator);
    const done = await followed(deployed);
    expect(refused(done)).toEqual([]);
    expect(subjects().at(-1)).toMatch(new RegExp(`^\\[RESOLVED\\] ${NAME}: `));
    const history = simulator.secretsManager.history(NAME).at(-1);
    expect(history && currentLogsIn(history)).not.toBe(false);
    expect(history?.rotationEnabled).toBe(true);

    const rescues = done
      .flatMap(({ commands }) => commands)
      .filter(({ line }) => line.includes('rotation-rescue'));
    const [last] = adviceIn(deployed.alarming().at(-1)?.message ?? '').at(-1)?.commands ?? [];
    if (rescues.length > 0 && last?.includes('rotation-rescue')) {
      await runAwsCommand(simulator, last, { uuid: seededRandom(8).uuid });
    }
    const labels = Object.values(simulator.secretsManager.history(NAME).at(-1)?.stages ?? {}).flat();
    expect(labels).not.toContain('rotation-rescue');
  },
);

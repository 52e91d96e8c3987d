import { expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { NAME } from '../support/failure-mode-stage.ts';
import { played } from '../support/played.ts';

/** What an operator types: once the proof has succeeded, the lines for a proof that fails are left out. */
function typed(message: string): readonly string[] {
  const commands = message.split('\n').flatMap((line) => (line.startsWith('   aws ') ? [line.trim()] : []));
  const finish = commands.findIndex((command) => command.includes('"Step":"finishSecret"'));
  return finish < 0 ? commands : commands.slice(0, finish + 1);
}

/** All that an operator can repair with the commands alone; the others need a person at the target or in the code. */
const REPAIRABLE =
  'F1 F2 F3 F5 F5b F5c F6 F7 F8 F10b F11 F11b F12b F13 F14 F18 F21 F22 F23 F24 F27 F31 F32 F33'.split(' ');

test.each(REPAIRABLE)(
  'the commands of the last alert about %s repair the secret once the cause is gone',
  async (id) => {
    const { simulator, alarming, subjects } = await played(id);
    const last = alarming().at(-1);
    simulator.eventBridge.setFaults({ drop: 0 });
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    simulator.secretsManager.configure(NAME, { replication: 'works' });
    for (const command of typed(last?.message ?? '')) {
      const outcome = await runAwsCommand(simulator, command, { uuid: seededRandom(7).uuid });
      expect(outcome.kind, `${command}: ${JSON.stringify(outcome)}`).not.toBe('refused');
      await simulator.clock.advance(MINUTE);
    }
    await simulator.clock.advance(10 * MINUTE);
    expect(subjects().at(-1)).toMatch(new RegExp(`^\\[RESOLVED\\] ${NAME}: `));
    const history = simulator.secretsManager.history(NAME).at(-1);
    expect(history && currentLogsIn(history)).not.toBe(false);
    expect(history?.rotationEnabled).toBe(true);
  },
);

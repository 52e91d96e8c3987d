import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { SecretState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { NOW } from '../../../../support/builders.ts';
import { pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

const SUSPECTS = 5;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Follows the states that the service has read and written, and what they say, as the table alone holds them. */
function following({ store, ...service }: MemoryService) {
  const followed: WeakRef<object>[] = [];
  const follow = (state: SecretState): SecretState => {
    followed.push(new WeakRef(state), ...state.outbox.map(({ finding }) => new WeakRef(finding)));
    return state;
  };
  const read = (state: SecretState): SecretState => follow(structuredClone(state));
  const inTable: MemoryService['store'] = {
    ...store,
    write: (state) => store.write(structuredClone(follow(state))),
    open: async (target) => (await store.open(target)).map(read),
    forEachUndelivered: (take) => store.forEachUndelivered((states) => take(states.map(read))),
  };
  return {
    service: { ...service, store: inTable },
    /** Counts those that were followed, and those of them that anybody still holds. */
    async held() {
      await setImmediate();
      collectGarbage();
      return { followed: followed.length, held: followed.filter((each) => each.deref()).length };
    },
  };
}

test.each([
  ['first', 1],
  ['next', 2],
])('a %s sweep has let go of each suspect when it looks at the alert path', async (_which, sweeps) => {
  const { service, held } = following(aService());
  for (let index = 0; index < SUSPECTS; index++)
    service.catalog.put(pendingSince(`stuck/${index}`, later(NOW, -2 * HOUR)));
  const seen: Awaited<ReturnType<typeof held>>[] = [];
  const subscriptions = {
    count: async () => {
      seen.push(await held());
      return { confirmed: 1, pending: 0 };
    },
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    await sweepSecrets({ ...service, subscriptions }, { reportsFindings: false });
    service.clock.advance(5 * MINUTE);
  }
  expect(seen.at(-1)?.followed).toBeGreaterThanOrEqual(4 * SUSPECTS * sweeps);
  expect(seen.at(-1)?.held).toBe(0);
});

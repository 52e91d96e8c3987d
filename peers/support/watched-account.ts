import { instant, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { deployMonitor, planMonitor, READERS } from '../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { pause } from './ground.ts';

/** Pause between two looks at the machine's clock, in milliseconds. */
const TICK_MS = 100;

/** An account with the monitor in it, for programs that ask in real time and days that pass in seconds. */
export interface WatchedAccount {
  readonly simulator: Simulator;
  readonly endpoint: string;
  /** Lets time pass as on the machine until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Lets time pass at once. */
  pass(ms: number): Promise<void>;
  /** Transition or severity, name and code of every e-mail about an alert since the last call, without repeats. */
  told(): readonly string[];
  close(): Promise<void>;
}

/** Opens an account whose monitor sweeps every five minutes. */
export async function watchedAccount(prepare: (simulator: Simulator) => void): Promise<WatchedAccount> {
  const clock = new VirtualClock(instant(Math.floor(Date.now() / SECOND) * SECOND));
  const simulator = createSimulator({ clock, seed: 1 });
  prepare(simulator);
  await deployMonitor(simulator, planMonitor(simulator.home, { sweepEveryMs: 5 * MINUTE }));
  await clock.advance(6 * MINUTE);
  const listening = await simulator.listen({ port: 0, host: '127.0.0.1' });
  let seen = 0;
  return {
    simulator,
    endpoint: listening.endpoint,
    during: async (work) => {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await Promise.race([pause(TICK_MS), done]);
        await clock.advance(TICK_MS);
      }
      return done;
    },
    pass: (ms) => clock.advance(ms),
    told: () => {
      const mails = simulator.sns.inbox.filter(({ address }) => address === READERS.AlertEmail);
      const subjects = mails.slice(seen).map(({ subject }) => subject);
      seen = mails.length;
      return [...new Set(subjects)];
    },
    close: async () => {
      await listening.close();
      await simulator.close();
    },
  };
}

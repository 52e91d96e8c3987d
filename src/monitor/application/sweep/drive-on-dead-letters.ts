import type { TargetRecord } from '../../domain/state/secret-state.ts';
import { DeadLetterWatchError } from '../../ports/watch/dead-letter-watch.ts';
import type { Service } from '../service.ts';

/**
 * Has what an outage left in the dead-letter queues tried once more, after a sweep that worked: what failed for want of
 * a service then works now. An earlier sweep has told people of them; what fails again stays for those to look at.
 */
export async function driveOnDeadLetters(
  { deadLetters, log }: Pick<Service, 'deadLetters' | 'log'>,
  record: TargetRecord | undefined,
): Promise<void> {
  const isKnown = record?.health.some(({ code, overAt }) => code === 'dead-letters' && overAt === undefined);
  if (deadLetters === undefined || isKnown !== true) return;
  try {
    const messages = await deadLetters.driveOn();
    if (messages > 0) log({ level: 'info', message: 'Drove dead letters on', details: { messages } });
  } catch (error) {
    if (!(error instanceof DeadLetterWatchError)) throw error;
    log({ level: 'error', message: 'Cannot drive dead letters on', details: { reason: error.reason } });
  }
}

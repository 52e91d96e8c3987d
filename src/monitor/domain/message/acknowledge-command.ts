import type { Notification } from '../alert/notification.ts';
import { invoke } from '../explain/function-commands.ts';

/** Duration of the acknowledgement that a message proposes. */
const FOR = '8h';

/** The effect of an acknowledgement, in the words that go with the command. */
export const ACKNOWLEDGED: string =
  'No repeats and no escalation for 8 hours. Replace "on call" with your name.';

/** The command that acknowledges the alerts of these secrets, complete. */
export function acknowledgeCommand(
  functionArn: string,
  notifications: readonly Pick<Notification, 'secretArn'>[],
): string {
  const secretId = [...new Set(notifications.map(({ secretArn }) => secretArn))];
  const region = functionArn.split(':')[3] ?? '';
  const payload = { secretId: secretId.length === 1 ? secretId[0] : secretId, for: FOR, by: 'on call' };
  return invoke(functionArn, region, { payload, answerFile: 'acknowledged.json' });
}

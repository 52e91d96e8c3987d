import type { Notification } from '../alert/notification.ts';
import { commandLine } from '../command-line.ts';
import { asSecretArn } from '../secret/secret.ts';

/** The command that shows all that is known about a secret; undefined where an alert is about no secret. */
export const explainCommand = ({
  secretArn,
  region,
}: Pick<Notification, 'secretArn' | 'region'>): string | undefined =>
  asSecretArn(secretArn) === undefined
    ? undefined
    : commandLine('rotation-monitor', 'explain', secretArn, ['--region', region]);

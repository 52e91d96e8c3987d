import type { Input } from '../call/service.ts';
import type { SecretsManager } from '../secrets-manager/secrets-manager.ts';
import type { MasterSecrets } from './rds.ts';

/** Name of RDS in the call log. */
const ROLE = 'rds';

/** The secrets and targets of Secrets Manager as RDS uses them. */
export function masterSecrets(
  secretsManager: SecretsManager,
  uuid: () => string,
  call: (operation: string, input: Input, role: string) => Promise<unknown>,
): MasterSecrets {
  const find = (name: string) => [...secretsManager.secrets()].find((each) => each.name === name);
  return {
    arnOf: (name) => find(name)?.arn,
    owned: () =>
      [...secretsManager.secrets()].map(({ name }) => name).filter((name) => name.startsWith('rds!')),
    statusOf: (name) => statusOf(secretsManager, name),
    create: (name, { username, secretId }) => {
      const password = uuid();
      const value = JSON.stringify({ username, password });
      secretsManager.seed({
        name,
        kind: 'managed',
        schedule: 7,
        versions: [{ stages: ['AWSCURRENT'], value }],
      });
      if (secretId === undefined) return;
      secretsManager.database(secretId).setUser(username, password);
      secretsManager.share(name, secretId);
    },
    rotate: async (name) =>
      void (await call('RotateSecret', { SecretId: name, ClientRequestToken: uuid() }, ROLE)),
    remove: async (name) =>
      void (await call('DeleteSecret', { SecretId: name, ForceDeleteWithoutRecovery: true }, ROLE)),
    setPassword: (secretId, username, password) =>
      secretsManager.database(secretId).setUser(username, password),
    isStopped: (secretId) =>
      find(secretId) !== undefined && secretsManager.database(secretId).reach === 'stopped',
    start: (secretId) => secretsManager.database(secretId).setReach('up'),
    stop: (secretId) => secretsManager.database(secretId).setReach('stopped'),
  };
}

/** `impaired` when a rotation was begun and no attempt is under way any longer. */
function statusOf(secretsManager: SecretsManager, name: string): ReturnType<MasterSecrets['statusOf']> {
  if (secretsManager.isRotating(name)) return 'rotating';
  const { stages } = secretsManager.history(name).at(-1) ?? {};
  const pending = Object.values(stages ?? {}).find((labels) => labels.includes('AWSPENDING'));
  return pending === undefined || pending.includes('AWSCURRENT') ? 'active' : 'impaired';
}

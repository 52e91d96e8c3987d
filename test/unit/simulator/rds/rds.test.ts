import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../../src/calendar/instant.ts';
import { clientOf, openAccount } from '../open-account.ts';

const DBInstanceIdentifier = 'orders';
const value = (password: string) => JSON.stringify({ username: 'app', password });

function open() {
  const account = openAccount();
  account.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  account.secretsManager.seed({
    name: 'orders/db',
    kind: 'function',
    function: 'rotate',
    schedule: 30,
    versions: [{ stages: ['AWSCURRENT'], value: value('first-password') }],
  });
  account.rds.place({ identifier: DBInstanceIdentifier, masterUsername: 'app', secrets: ['orders/db'] });
  const accepts = (text: string) =>
    account.secretsManager.database('orders/db').login({ field: 'SecretString', text });
  return { account, rds: new RDSClient(clientOf(account)), accepts };
}

describe('an instance', () => {
  test('shows where it is and who its master is', async () => {
    const { rds } = open();
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    expect(DBInstances).toMatchObject([
      {
        DBInstanceIdentifier,
        DBInstanceStatus: 'available',
        Engine: 'mysql',
        MasterUsername: 'app',
        Endpoint: { Address: 'orders.simulated.eu-west-1.rds.amazonaws.com', Port: 3306 },
        DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
      },
    ]);
    expect(DBInstances?.[0]?.MasterUserSecret).toBeUndefined();
  });

  test('takes a new master password, and the old one is refused', async () => {
    const { rds, accepts } = open();
    await rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier, MasterUserPassword: 'second-password' }),
    );
    expect(accepts(value('first-password'))).toBe('refused');
    expect(accepts(value('second-password'))).toBe('accepted');
  });

  test('is stopped and started', async () => {
    const { rds, accepts } = open();
    const { DBInstance } = await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    expect(DBInstance?.DBInstanceStatus).toBe('stopped');
    expect(accepts(value('first-password'))).toBe('unreachable');
    await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
    expect(accepts(value('first-password'))).toBe('accepted');
  });

  test('gives its master password to Secrets Manager, and takes it back', async () => {
    const { account, rds, accepts } = open();
    const modify = (rest: object) => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, ...rest }));
    const { DBInstance } = await modify({ ManageMasterUserPassword: true });
    const SecretId = DBInstance?.MasterUserSecret?.SecretArn;
    expect(DBInstance?.MasterUserSecret).toMatchObject({
      SecretArn: expect.stringContaining(':secret:rds!db-'),
      SecretStatus: 'active',
    });
    const secrets = new SecretsManagerClient(clientOf(account));
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(accepts(SecretString)).toBe('accepted');
    expect(accepts(value('first-password'))).toBe('refused');
    await expect(modify({ MasterUserPassword: 'third-password' })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
    });
    await modify({ ManageMasterUserPassword: false, MasterUserPassword: 'third-password' });
    expect(accepts(value('third-password'))).toBe('accepted');
    await account.clock.advance(MINUTE);
    await expect(secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('that is not there is not found, and no password of another length is taken', async () => {
    const { rds } = open();
    await expect(
      rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'none' })),
    ).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault', message: 'DBInstance none not found.' });
    await expect(
      rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, MasterUserPassword: 'short' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});

describe('a secret that RDS owns', () => {
  const DBClusterIdentifier = 'database-orders';

  function managed() {
    const account = openAccount();
    account.secretsManager.seed({ name: 'rds!cluster-orders', kind: 'managed', schedule: 7 });
    return { account, rds: new RDSClient(clientOf(account)) };
  }

  test('has a database behind it that names it', async () => {
    const { rds } = managed();
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
    expect(DBClusters).toMatchObject([
      {
        DBClusterIdentifier,
        Status: 'available',
        MasterUserSecret: {
          SecretArn: expect.stringContaining('rds!cluster-orders'),
          SecretStatus: 'active',
        },
      },
    ]);
    expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
  });

  test('is rotated by its database at once, and impaired when that ends badly', async () => {
    const { account, rds } = managed();
    const rotate = (ApplyImmediately: boolean) =>
      rds.send(
        new ModifyDBClusterCommand({ DBClusterIdentifier, RotateMasterUserPassword: true, ApplyImmediately }),
      );
    await expect(rotate(false)).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
    expect((await rotate(true)).DBCluster?.MasterUserSecret?.SecretStatus).toBe('rotating');
    await account.clock.advance(5 * MINUTE);
    const status = async () =>
      (await rds.send(new DescribeDBClustersCommand({}))).DBClusters?.[0]?.MasterUserSecret?.SecretStatus;
    expect(await status()).toBe('active');
    account.secretsManager.configure('rds!cluster-orders', { managedFails: true });
    await rotate(true);
    await account.clock.advance(48 * 60 * MINUTE);
    expect(await status()).toBe('impaired');
  });
});

import * as z from 'zod';
import { DAY, type Instant, later } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Call, Home, Input, Operation, Service } from '../call/service.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** The reason why a key cannot be used: its policy does not let the role, or nobody can in its state. */
type KeyObstacle = 'denied' | 'unusable';

/** The keys of an account, as far as they keep secrets from being read. */
export interface Kms extends Service {
  /** Lets a role use a key, the account's own when undefined, or not; the key is made when there is none. */
  permit(keyId: string | undefined, role: string, isAllowed: boolean): void;
  /** Returns the obstacle between a role and a key, by id, ARN or alias; the account's own key when undefined. */
  obstacle(keyId: string | undefined, role: string): KeyObstacle | undefined;
  /** Writes down the policy of a key, which is made when there is none; what it says is not enforced. */
  setPolicy(keyId: string, policy: unknown): void;
}

interface Key {
  readonly id: string;
  readonly createdAt: Instant;
  readonly state: KeyState;
  readonly deletionAt: Instant | undefined;
  readonly deniedTo: ReadonlySet<string>;
  /** Policy as JSON text; undefined for the usual one, which lets IAM decide. */
  readonly policy: string | undefined;
}

/** The key that encrypts secrets which name none; its id is made up. */
const OWN_ALIAS = 'alias/aws/secretsmanager';
const OWN_KEY = '0e5e0000-0000-4000-8000-000000000000';

const naming = z.object({ KeyId: z.string().min(1).max(2048) });
const scheduling = naming.extend({ PendingWindowInDays: z.number().int().min(7).max(30).default(30) });

/** Dependencies of the keys. */
export interface KmsDependencies {
  readonly home: Home;
  readonly now: () => Instant;
  /** The keys that secrets name; they exist. */
  readonly inUse: () => readonly string[];
}

/** KMS: what keys are like, and switching them off and on. */
export function createKms(dependencies: KmsDependencies): Kms {
  const keys = new Map<string, Key>();
  const find = (nameOrArn: string): Key => {
    const id = idOf(nameOrArn);
    const isThere = id === OWN_KEY || dependencies.inUse().some((used) => idOf(used) === id);
    const found = keys.get(id) ?? (isThere ? newKey(id, dependencies.now()) : undefined);
    if (found === undefined) throw notFound(nameOrArn, dependencies.home);
    keys.set(id, found);
    return found;
  };
  return {
    operations: operationsOn({ ...dependencies, find, keep: (key) => void keys.set(key.id, key) }),
    permit: (keyId, role, isAllowed) => {
      const known = keys.get(idOf(keyId)) ?? newKey(idOf(keyId), dependencies.now());
      const others = [...known.deniedTo].filter((each) => each !== role);
      keys.set(known.id, { ...known, deniedTo: new Set(isAllowed ? others : [...others, role]) });
    },
    setPolicy: (keyId, policy) => {
      const known = keys.get(idOf(keyId)) ?? newKey(idOf(keyId), dependencies.now());
      keys.set(known.id, { ...known, policy: JSON.stringify(policy) });
    },
    obstacle: (keyId, role) => {
      const known = keys.get(idOf(keyId));
      if (known === undefined) return undefined;
      if (known.state !== 'Enabled') return 'unusable';
      return known.deniedTo.has(role) ? 'denied' : undefined;
    },
  };
}

interface Keys extends KmsDependencies {
  readonly find: (nameOrArn: string) => Key;
  readonly keep: (key: Key) => void;
}

function operationsOn({ home, find, keep }: Keys): Record<string, Operation> {
  const turn =
    (state: KeyState): Operation =>
    (input) => {
      const key = find(readInput(naming, input).KeyId);
      if (key.state === 'PendingDeletion') throw pendingDeletion(key, home);
      keep({ ...key, state });
    };
  return {
    DescribeKey: (input) => ({ KeyMetadata: shownKey(find(readInput(naming, input).KeyId), home) }),
    GetKeyPolicy: (input) => {
      const { policy } = find(readInput(naming, input).KeyId);
      return { PolicyName: 'default', Policy: policy ?? JSON.stringify(usualPolicy(home)) };
    },
    EnableKey: turn('Enabled'),
    DisableKey: turn('Disabled'),
    ScheduleKeyDeletion: (input, { now }: Call) => {
      const { KeyId, PendingWindowInDays } = readInput(scheduling, input);
      const key = find(KeyId);
      const deletionAt = later(now, PendingWindowInDays * DAY);
      keep({ ...key, state: 'PendingDeletion', deletionAt });
      const shown = { KeyId: arnOf(key, home), KeyState: 'PendingDeletion', PendingWindowInDays };
      return { ...shown, DeletionDate: new Date(deletionAt) };
    },
    CancelKeyDeletion: (input: Input) => {
      const key = find(readInput(naming, input).KeyId);
      keep({ ...key, state: 'Disabled', deletionAt: undefined });
      return { KeyId: arnOf(key, home) };
    },
  };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const usualPolicy = ({ account }: Home): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

const newKey = (id: string, createdAt: Instant): Key => ({
  id,
  createdAt,
  state: 'Enabled',
  deletionAt: undefined,
  deniedTo: new Set(),
  policy: undefined,
});

/** The id in an ARN or alias; aliases other than that of the account's own key stand for themselves. */
function idOf(nameOrArn: string = OWN_ALIAS): string {
  const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':').slice(5).join(':') : nameOrArn;
  return name === OWN_ALIAS ? OWN_KEY : name.replace(/^key\//, '');
}

const arnOf = ({ id }: Key, { account, region }: Home): string =>
  `arn:aws:kms:${region}:${account}:key/${id}`;

const shownKey = (key: Key, home: Home): object => ({
  AWSAccountId: home.account,
  KeyId: key.id,
  Arn: arnOf(key, home),
  CreationDate: new Date(key.createdAt),
  Enabled: key.state === 'Enabled',
  Description: key.id === OWN_KEY ? 'Default key that protects my Secrets Manager data' : '',
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: key.state,
  ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
  Origin: 'AWS_KMS',
  KeyManager: key.id === OWN_KEY ? 'AWS' : 'CUSTOMER',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
});

function notFound(nameOrArn: string, { account, region }: Home): AwsError {
  const arn = nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:kms:${region}:${account}:key/${nameOrArn}`;
  return new AwsError('NotFoundException', `Key '${arn}' does not exist`);
}

const pendingDeletion = (key: Key, home: Home): AwsError =>
  new AwsError('KMSInvalidStateException', `${arnOf(key, home)} is pending deletion.`);

import * as z from 'zod';
import type { Instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { type RefuseInput, readInput } from '../call/input.ts';
import type { Home, Input, Operation, Service } from '../call/service.ts';
import { type Database, type DatabaseKind, Databases, type NewDatabase } from './databases.ts';

/** RDS's access to its secrets in Secrets Manager, and to the targets behind them. */
export interface MasterSecrets {
  /** ARN of a secret; undefined when there is none. */
  arnOf(name: string): string | undefined;
  /** Names of the secrets that RDS owns. */
  owned(): readonly string[];
  statusOf(name: string): 'creating' | 'active' | 'rotating' | 'impaired';
  /** Makes a secret that RDS owns and rotates. */
  create(name: string, master: { readonly username: string; readonly secretId: string | undefined }): void;
  rotate(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Gives a user of the target behind a secret a password. */
  setPassword(secretId: string, username: string, password: string): void;
  /** Whether the target behind a secret runs. */
  isStopped(secretId: string): boolean;
  start(secretId: string): void;
  stop(secretId: string): void;
}

/** RDS, and what tests and scenarios say of it. */
export interface Rds extends Service {
  place(database: NewDatabase): void;
}

/** Dependencies of RDS. */
export interface RdsDependencies {
  readonly home: Home;
  readonly now: () => Instant;
  readonly secrets: MasterSecrets;
  readonly uuid: () => string;
}

/** A text over the wire. */
const flag = z.union([z.boolean(), z.stringbool()]).optional();
const modifying = z.object({
  identifier: z.string().min(1),
  MasterUserPassword: z.string().min(8).max(41).optional(),
  ManageMasterUserPassword: flag,
  RotateMasterUserPassword: flag,
  ApplyImmediately: flag,
});

type Modification = z.infer<typeof modifying>;

/** Instances and clusters: what they are like, their master password, starting and stopping. */
export function createRds(dependencies: RdsDependencies): Rds {
  const databases = new Databases();
  const { secrets, now } = dependencies;
  const all = (kind: DatabaseKind): readonly Database[] => {
    const known = [...databases.all('instance'), ...databases.all('cluster')];
    for (const name of secrets.owned()) {
      if (known.every(({ masterUserSecret }) => masterUserSecret !== name)) {
        databases.place(behindManaged(name), now());
      }
    }
    return databases.all(kind);
  };
  const find = (kind: DatabaseKind, identifier: string): Database => {
    all(kind);
    return databases.find(kind, identifier);
  };
  const parts: Parts = { ...dependencies, databases, all, find };
  return {
    operations: { ...operationsOf(parts, 'instance'), ...operationsOf(parts, 'cluster') },
    place: (database) => void databases.place(database, now()),
  };
}

interface Parts extends RdsDependencies {
  readonly databases: Databases;
  readonly all: (kind: DatabaseKind) => readonly Database[];
  readonly find: (kind: DatabaseKind, identifier: string) => Database;
}

/** Every secret that RDS owns has a database behind it. */
const behindManaged = (secret: string): NewDatabase => ({
  identifier: secret.replace(/^rds!(?:cluster-|db-)?/, 'database-').replaceAll(/[^\w-]/g, '-'),
  kind: secret.startsWith('rds!cluster-') ? 'cluster' : 'instance',
  masterUserSecret: secret,
  secrets: [secret],
});

/** Names of the members in the API, by their kind. */
const WORDS = {
  instance: { one: 'DBInstance', identifier: 'DBInstanceIdentifier', secretPrefix: 'rds!db-' },
  cluster: { one: 'DBCluster', identifier: 'DBClusterIdentifier', secretPrefix: 'rds!cluster-' },
} as const;

function operationsOf(parts: Parts, kind: DatabaseKind): Record<string, Operation> {
  const { one, identifier: member } = WORDS[kind];
  const nameIn = (input: Input): string =>
    readInput(z.object({ [member]: z.string() }), input, invalid)[member] ?? '';
  const shown = (database: Database): object => ({ [one]: shownDatabase(database, parts) });
  return {
    [`Describe${one}s`]: (input) => {
      const wanted = input[member];
      const found = wanted === undefined ? parts.all(kind) : [parts.find(kind, String(wanted))];
      return { [`${one}s`]: found.map((each) => shownDatabase(each, parts)) };
    },
    [`Modify${one}`]: async (input) => {
      const request = readInput(modifying, { ...input, identifier: input[member] }, invalid);
      return shown(await modified(parts, parts.find(kind, request.identifier), request));
    },
    [`Start${one}`]: (input) => {
      const database = parts.find(kind, nameIn(input));
      for (const secret of database.secrets) parts.secrets.start(secret);
      return shown(database);
    },
    [`Stop${one}`]: (input) => {
      const database = parts.find(kind, nameIn(input));
      for (const secret of database.secrets) parts.secrets.stop(secret);
      return shown(database);
    },
  };
}

const invalid: RefuseInput = (member, reason) =>
  new AwsError('InvalidParameterValue', `Invalid value for ${member}: ${reason}`);

/** Passwords take effect at once; on AWS that takes minutes. */
async function modified(parts: Parts, database: Database, request: Modification): Promise<Database> {
  const { secrets, uuid, now, databases } = parts;
  const { MasterUserPassword, ManageMasterUserPassword, RotateMasterUserPassword } = request;
  const managed = database.masterUserSecret;
  checkCombination(managed, request);
  if (RotateMasterUserPassword === true && managed !== undefined) await secrets.rotate(managed);
  if (ManageMasterUserPassword === true && managed === undefined) {
    const name = `${WORDS[database.kind].secretPrefix}${uuid()}`;
    secrets.create(name, { username: database.masterUsername, secretId: database.secrets[0] });
    return databases.place({ ...database, masterUserSecret: name }, database.createdAt);
  }
  if (MasterUserPassword === undefined) return database;
  for (const secret of database.secrets)
    secrets.setPassword(secret, database.masterUsername, MasterUserPassword);
  if (managed === undefined) return database;
  await secrets.remove(managed);
  const { masterUserSecret: _gone, ...rest } = database;
  return databases.place({ ...rest, secrets: rest.secrets.filter((each) => each !== managed) }, now());
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html */
function checkCombination(
  managed: string | undefined,
  { MasterUserPassword, ManageMasterUserPassword, RotateMasterUserPassword, ApplyImmediately }: Modification,
): void {
  const fail = (message: string): never => {
    throw new AwsError('InvalidParameterCombination', message);
  };
  if (MasterUserPassword !== undefined && (ManageMasterUserPassword ?? managed !== undefined)) {
    fail(
      'You can’t specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.'.replace(
        '’',
        "'",
      ),
    );
  }
  if (ManageMasterUserPassword === false && managed !== undefined && MasterUserPassword === undefined) {
    fail('You must specify MasterUserPassword when you turn off ManageMasterUserPassword.');
  }
  if (RotateMasterUserPassword === true && managed === undefined) {
    fail("You can't rotate the master user password: it is not managed in Secrets Manager.");
  }
  if (RotateMasterUserPassword === true && ApplyImmediately !== true) {
    fail('You must specify ApplyImmediately when you rotate the master user password.');
  }
}

function shownDatabase(database: Database, { home, secrets }: Parts): object {
  const { kind, identifier, engine, masterUsername, masterUserSecret, createdAt } = database;
  const host = `${identifier}.${kind === 'cluster' ? 'cluster-' : ''}simulated.${home.region}.rds.amazonaws.com`;
  const { one, identifier: member } = WORDS[kind];
  const status = database.secrets.some((each) => secrets.isStopped(each)) ? 'stopped' : 'available';
  const port = engine.includes('postgres') ? 5432 : 3306;
  const common = {
    [member]: identifier,
    Engine: engine,
    MasterUsername: masterUsername,
    [`${one}Arn`]: `arn:aws:rds:${home.region}:${home.account}:${kind === 'cluster' ? 'cluster' : 'db'}:${identifier}`,
    ...(masterUserSecret !== undefined && { MasterUserSecret: shownSecret(masterUserSecret, secrets) }),
  };
  return kind === 'cluster'
    ? { ...common, Status: status, Endpoint: host, Port: port, ClusterCreateTime: new Date(createdAt) }
    : {
        ...common,
        DBInstanceStatus: status,
        Endpoint: { Address: host, Port: port },
        InstanceCreateTime: new Date(createdAt),
      };
}

const shownSecret = (name: string, secrets: MasterSecrets): object => ({
  SecretArn: secrets.arnOf(name),
  SecretStatus: secrets.statusOf(name),
});

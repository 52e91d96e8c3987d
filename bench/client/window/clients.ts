import { pathToFileURL } from 'node:url';
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import mysql from 'mysql2';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { rotatingPool } from '../../../client/src/mysql2.ts';
import { type Acquire, fromMysql } from '../../../test/client/database/load.ts';
import { installedPackages } from '../../../test/support/installed-packages.ts';

/** Address of a client's secret and of its database. */
export interface Place {
  readonly secretId: string;
  /** Address of Secrets Manager. */
  readonly endpoint: string;
  readonly port: number;
}

/** A way of connecting that is measured. */
export interface WindowClient {
  readonly name: string;
  readonly acquire: Acquire;
  end(): Promise<unknown>;
}

interface Login {
  readonly username: string;
  readonly password: string;
}

const TTL_MS = 5_000;
const REGION = 'eu-west-1';

const clientOf = ({ endpoint }: Place) =>
  new SecretsManagerClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'application', secretAccessKey: 'simulated' },
  });

/** The pool of this package. */
export function ours(place: Place): WindowClient {
  const cache = new SecretCache({ client: clientOf(place), ttlMs: TTL_MS });
  const pool = rotatingPool(place.secretId, { connectionLimit: 10, credentials: { cache } });
  return { name: 'rotatingPool', acquire: fromMysql(pool), end: () => pool.promise().end() };
}

/** Makes a client that connects with the credential that a library holds, and once more where it offers another one. */
function connecting(
  name: string,
  { port }: Place,
  get: () => Promise<Login>,
  again?: () => Promise<Login>,
): WindowClient {
  const connect = async ({ username: user, password }: Login) => {
    const made = mysql.createConnection({ host: '127.0.0.1', port, user, password });
    made.on('error', () => undefined);
    const connection = made.promise();
    await connection.connect();
    return { query: () => connection.query('select 1'), drop: () => connection.destroy() };
  };
  const acquire: Acquire = async () => {
    try {
      return await connect(await get());
    } catch (error) {
      if (again === undefined) throw error;
      return connect(await again());
    }
  };
  return { name, acquire, end: async () => undefined };
}

const reader =
  (place: Place, client = clientOf(place)) =>
  async (VersionStage: string): Promise<Login> => {
    const command = new GetSecretValueCommand({ SecretId: place.secretId, VersionStage });
    return JSON.parse((await client.send(command)).SecretString ?? '') as Login;
  };

/** The Map with a time to live that everybody writes. */
function ttlMap(place: Place): WindowClient {
  const read = reader(place);
  let held: { value: Login; until: number } | undefined;
  return connecting('Map with a TTL', place, async () => {
    if (held === undefined || held.until < Date.now())
      held = { value: await read('AWSCURRENT'), until: Date.now() + TTL_MS };
    return held.value;
  });
}

/** A fallback that reads AWSPENDING only when AWSCURRENT cannot be read, which in a gap it can. */
function fallbackOfReads(place: Place): WindowClient {
  const read = reader(place);
  return connecting('AWSPENDING when a read fails', place, () =>
    read('AWSCURRENT').catch(() => read('AWSPENDING')),
  );
}

const powertools =
  (force: boolean) =>
  (place: Place): WindowClient => {
    const provider = new SecretsProvider({ awsSdkV3Client: clientOf(place) });
    const get = async (forceFetch: boolean) =>
      (await provider.get(place.secretId, {
        maxAge: TTL_MS / 1_000,
        transform: 'json',
        forceFetch,
      })) as unknown as Login;
    const name = force ? 'powertools, forceFetch after a refusal' : 'powertools';
    return connecting(name, place, () => get(false), force ? () => get(true) : undefined);
  };

const PEERS = ['@middy/core@6.4.5', '@middy/secrets-manager@6.4.5', 'aws-advanced-nodejs-wrapper@2.0.1'];

/** Folder of packages that are installed for this bench alone; undefined where npm cannot install them. */
export const peerModules = (): Promise<string | undefined> =>
  installedPackages('node_modules/.cache/window-peers', PEERS);

/** Loads a file of a package that is installed for this bench alone; it finds SDK and drivers in the project. */
async function peer<T>(file: string): Promise<T | undefined> {
  const modules = await peerModules();
  return modules === undefined ? undefined : ((await import(pathToFileURL(`${modules}/${file}`).href)) as T);
}

type Handler = (event: object, context: object) => Promise<Login>;

async function middy(place: Place): Promise<WindowClient | undefined> {
  const core = await peer<{
    default: (handler: (event: object, context: { db: Login }) => Login) => {
      use(middleware: object): Handler;
    };
  }>('@middy/core/index.js');
  const secrets = await peer<{ default: (options: object) => object }>('@middy/secrets-manager/index.js');
  if (core === undefined || secrets === undefined) return undefined;
  const { endpoint } = place;
  const credentials = { accessKeyId: 'application', secretAccessKey: 'simulated' };
  const middleware = secrets.default({
    AwsClient: SecretsManagerClient,
    awsClientOptions: { endpoint, region: REGION, credentials },
    fetchData: { db: place.secretId },
    setToContext: true,
    cacheExpiry: TTL_MS,
    cacheKey: place.secretId,
  });
  const handler = core.default((_event, { db }) => db).use(middleware);
  return connecting('middy', place, () => handler({}, { getRemainingTimeInMillis: () => 10_000 }));
}

interface WrapperClient {
  connect(): Promise<void>;
  query(options: { sql: string }): Promise<unknown>;
  end(): Promise<void>;
}

async function awsWrapper({ secretId, endpoint, port }: Place): Promise<WindowClient | undefined> {
  const loaded = await peer<{ AwsMySQLClient: new (options: object) => WrapperClient }>(
    'aws-advanced-nodejs-wrapper/dist/mysql.js',
  );
  if (loaded === undefined) return undefined;
  const acquire: Acquire = async () => {
    const client = new loaded.AwsMySQLClient({
      host: '127.0.0.1',
      port,
      plugins: 'secretsManager',
      secretId,
      secretRegion: REGION,
      secretEndpoint: endpoint,
    });
    await client.connect();
    return {
      query: () => client.query({ sql: 'select 1' }),
      drop: () => void client.end().catch(() => undefined),
    };
  };
  return { name: 'aws-advanced-nodejs-wrapper', acquire, end: async () => undefined };
}

/** Clients of other packages; undefined where a package cannot be installed. */
export const PEER_CLIENTS: readonly ((
  place: Place,
) => WindowClient | undefined | Promise<WindowClient | undefined>)[] = [
  ttlMap,
  fallbackOfReads,
  powertools(false),
  powertools(true),
  middy,
  awsWrapper,
];

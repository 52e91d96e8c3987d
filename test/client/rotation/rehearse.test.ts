import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, type TestContext, test, vi } from 'vitest';
import type { SecretValue } from '../../../client/src/cache/secret-value.ts';
import { generatePassword } from '../../../client/src/rotation/password.ts';
import {
  RotationError,
  RotationHandler,
  type RotationVersions,
} from '../../../client/src/rotation/rotation-handler.ts';
import { rehearse } from '../../../client/src/testing/rehearse.ts';
import type { RehearsedHandler } from '../../../client/src/testing/stage.ts';

const SECRET = { username: 'app', host: 'db', password: 'the-first-password' };
type Fields = typeof SECRET;
const fieldsOf = (value: SecretValue) => value.json() as Fields;

/** A database of one user, in memory. */
class Database {
  password = SECRET.password;

  readonly reset = async (): Promise<void> => {
    this.password = SECRET.password;
  };

  readonly accepts = async ({ username, password }: Readonly<Record<string, unknown>>): Promise<boolean> =>
    username === SECRET.username && password === this.password;
}

/** A handler for it, written as an application would. */
class Handler extends RotationHandler {
  protected readonly database: Database;

  constructor(database: Database, options: ConstructorParameters<typeof RotationHandler>[0]) {
    super(options);
    this.database = database;
  }

  protected newValue(current: SecretValue): string {
    return JSON.stringify({ ...fieldsOf(current), password: generatePassword() });
  }

  protected async set({ current, pending, previous }: RotationVersions): Promise<void> {
    const [old, next] = [fieldsOf(current), fieldsOf(pending)];
    if (old.username !== next.username || old.host !== next.host) throw new RotationError('Another target');
    const candidates = [
      next,
      old,
      ...[await previous()].flatMap((value) => (value ? [fieldsOf(value)] : [])),
    ];
    for (const candidate of candidates)
      if (await this.database.accepts(candidate)) {
        this.database.password = next.password;
        return;
      }
    throw new RotationError('No log-in works');
  }

  protected async test({ pending }: RotationVersions): Promise<void> {
    if (!(await this.database.accepts(fieldsOf(pending)))) throw new RotationError('The log-in is refused');
  }
}

type Options = ConstructorParameters<typeof RotationHandler>[0];
type Make = (database: Database, options: Options) => RehearsedHandler;

const sound: Make = (database, options) => new Handler(database, options).handle;

/** Lets pauses take no time: a handler waits a second for each empty version. */
function withoutPauses(): void {
  vi.stubGlobal('setTimeout', (then: () => void) => setImmediate(then));
  onTestFinished(() => void vi.unstubAllGlobals());
}

/** The promises that a handler breaks whose pauses take no time. */
async function brokenBy(make: Make): Promise<readonly string[]> {
  withoutPauses();
  const database = new Database();
  const handler = (client: NonNullable<Options>['client'], log: (line: unknown) => void) =>
    make(database, { client, log });
  return (await rehearse({ handler, secret: SECRET, database })).broken;
}

/** Faults that are easily made, and a word of the promise that each breaks. */
const FAULTS: readonly (readonly [string, Make, RegExp])[] = [
  [
    'the new value is the old one',
    (database, options) =>
      new (class extends Handler {
        protected override newValue(current: SecretValue): string {
          return String(current.SecretString);
        }
      })(database, options).handle,
    /makes a new secret part/,
  ],
  [
    'nothing is set',
    (database, options) =>
      new (class extends Handler {
        protected override async set(): Promise<void> {}
      })(database, options).handle,
    /accepts/,
  ],
  [
    'nothing is tested',
    (database, options) =>
      new (class extends Handler {
        protected override async test(): Promise<void> {}
      })(database, options).handle,
    /testSecret fails/,
  ],
  [
    'the target is not compared',
    (database, options) =>
      new (class extends Handler {
        protected override async set({ pending }: RotationVersions): Promise<void> {
          this.database.password = fieldsOf(pending).password;
        }
      })(database, options).handle,
    /another (user|host)/,
  ],
  [
    'setSecret trusts AWSCURRENT alone',
    (database, options) =>
      new (class extends Handler {
        protected override async set({ current, pending }: RotationVersions): Promise<void> {
          if (!(await this.database.accepts(fieldsOf(current)))) throw new RotationError('Refused');
          this.database.password = fieldsOf(pending).password;
        }
      })(database, options).handle,
    /repeated/,
  ],
  [
    'the target is changed at createSecret',
    (database, options) =>
      new (class extends Handler {
        protected override newValue(current: SecretValue): string {
          const text = super.newValue(current);
          this.database.password = (JSON.parse(text) as Fields).password;
          return text;
        }
      })(database, options).handle,
    /neither AWSCURRENT nor the target/,
  ],
  [
    'an error shows the password',
    (database, options) =>
      new (class extends Handler {
        protected override async test({ pending }: RotationVersions): Promise<void> {
          const { password } = fieldsOf(pending);
          if (password !== this.database.password) throw new RotationError(`Refused: ${password}`);
        }
      })(database, options).handle,
    /shows a value/,
  ],
  [
    'unknown steps are ignored',
    (database, options) => async (event) => {
      if (/^(create|set|test|finish)Secret$/.test(event.Step)) await sound(database, options)(event);
    },
    /unknown step/,
  ],
  [
    'every error is swallowed',
    (database, options) => (event) => sound(database, options)(event).catch(() => undefined),
    /is refused/,
  ],
];

test.each(FAULTS)('a rehearsal finds the fault: %s', async (_fault, make, promise) => {
  const broken = await brokenBy(make);
  expect(broken.join('\n')).toMatch(promise);
});

/** A function in an emulator of Lambda, which finds Secrets Manager at a port of this machine. */
async function anEmulator(
  make: Make,
  database: Database,
  port: number,
  context: TestContext,
): Promise<string> {
  const credentials = { accessKeyId: 'function', secretAccessKey: 'simulated' };
  const client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
  const handle = make(database, { client, log: () => undefined });
  const emulator = createServer((request, response) => {
    const run = async () => {
      context.expect(request.url).toBe('/2015-03-31/functions/function/invocations');
      await handle((await json(request)) as Parameters<RehearsedHandler>[0]);
      return null;
    };
    void run()
      .catch(({ name, message }: Error) => ({ errorType: name, errorMessage: message }))
      .then((answer) => response.end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
  context.onTestFinished(() => void emulator.close());
  return `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
}

async function aFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

test.concurrent('a sound handler breaks no promise, and all of them were checked', async ({ expect }) => {
  const database = new Database();
  const { broken, checked } = await rehearse({
    handler: (client, log) => sound(database, { client, log }),
    secret: SECRET,
    database,
  });
  expect(broken).toEqual([]);
  expect(checked.length).toBeGreaterThan(25);
});

test.concurrent('a function in an emulator is rehearsed by its URL', async (context) => {
  const [database, port] = [new Database(), await aFreePort()];
  const url = await anEmulator(sound, database, port, context);
  const { broken, checked } = await rehearse({ handler: { url, port }, secret: SECRET, database });
  context.expect(broken).toEqual([]);
  context.expect(checked.length).toBeGreaterThan(25);
});

test.concurrent('a fault of a function in an emulator is found', async (context) => {
  const [database, port] = [new Database(), await aFreePort()];
  const [, faulty] = FAULTS.find(([what]) => what === 'nothing is tested') ?? [];
  const url = await anEmulator(faulty ?? sound, database, port, context);
  const { broken } = await rehearse({ handler: { url, port }, secret: SECRET, database });
  context.expect(broken).toContain('testSecret fails while the target refuses the pending value');
});

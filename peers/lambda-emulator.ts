import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { remoteFunction } from '../src/simulator/secrets-manager/rotation/rotation-step.ts';
import { freePort, type Ground, install, pause, programPath, type Simulated } from './support/ground.ts';
import type { Case, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';

const EMULATOR = 'v0.0.0-20261030222936-bef5c4ba774d';
const PYTHON_RUNTIME = '4.2.2';
const NODE_RUNTIME = '4.0.2';
const BOTO3 = '1.44.8';
const TIMEOUT_SECONDS = 20;
/** Above the emulator's, so that its own time-out is the one that is seen. */
const PATIENCE_MS = 90_000;

/** Ways in which a function fails, with the text its failure has to contain. */
const FAILURES: Readonly<Record<string, RegExp>> = {
  raises: /Error: the target refused the login/,
  exits: /exit/i,
  hangs: /timed out after/i,
};

/** Rotation functions in Python and in Node.js, hosted as Lambda hosts them. */
export const lambdaEmulator: Peer = {
  name: 'lambda-emulator',
  software: 'Lambda Runtime Interface Emulator with the runtime clients for Python and Node.js',
  version: `${EMULATOR}, ${PYTHON_RUNTIME}, ${NODE_RUNTIME}`,
  from: 'Go proxy, PyPI, npm',
  against: '`simulate --rotation-function`',
  needs: ['go', 'python3', 'cmake'],
  limits: 'One function in each language, and one rotation.',
  explained: [],
  install: installed,
  run: async (ground) => {
    const { emulator, languages } = await installed(ground);
    const simulated = await ground.simulate();
    const cases: Case[] = [];
    for (const [language, command] of Object.entries(languages)) {
      const host = {
        emulator,
        command,
        name: `rotate-in-${language.toLowerCase().replace('.', '')}`,
        endpoint: simulated.endpoint,
      };
      const rotated = await hosted(host, (url) => rotation(simulated, host.name, url));
      cases.push({ name: `${language}: a rotation`, theirs: rotated, ours: 'AWSCURRENT' });
      for (const [how, words] of Object.entries(FAILURES)) {
        const said = await hosted(host, (url) => failureOf(url, how));
        const name = `${language}: a function that ${how}`;
        cases.push({ name, theirs: words.test(said) || said, ours: true });
      }
    }
    return cases;
  },
};

/** The emulator, and the words that start the runtime client of each language. */
async function installed(
  ground: Ground,
): Promise<{ readonly emulator: string; readonly languages: Readonly<Record<string, readonly string[]>> }> {
  const bin = await pythonWith(ground, [`awslambdaric==${PYTHON_RUNTIME}`, `boto3==${BOTO3}`]);
  return {
    emulator: await emulatorIn(ground),
    languages: {
      Python: [join(bin, 'python'), '-m', 'awslambdaric'],
      'Node.js': [process.execPath, await nodeClientIn(ground)],
    },
  };
}

/** The package builds its native part as it is installed. */
async function nodeClientIn(ground: Ground): Promise<string> {
  const folder = await ground.installed(`aws-lambda-ric-${NODE_RUNTIME}`, async (path) => {
    ground.tell(`Building aws-lambda-ric@${NODE_RUNTIME} from npm…`);
    const words = ['install', '--no-audit', '--no-fund', '--prefix', path];
    await install('npm', [...words, `aws-lambda-ric@${NODE_RUNTIME}`]);
  });
  return join(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
}

async function emulatorIn(ground: Ground): Promise<string> {
  const folder = await ground.installed(`lambda-emulator-${EMULATOR}`, async (path) => {
    ground.tell('Building the emulator from the Go proxy…');
    const words = [
      'install',
      `github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@${EMULATOR}`,
    ];
    await install('go', words, { env: { GOBIN: path } });
  });
  return join(folder, 'aws-lambda-rie');
}

interface Host {
  readonly emulator: string;
  /** Words that start the runtime client of the function's language. */
  readonly command: readonly string[];
  /** Name of the function. */
  readonly name: string;
  readonly endpoint: string;
}

/** Hosts the function for one piece of work. */
async function hosted<T>(
  { emulator, command, name, endpoint }: Host,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const [port, runtimePort] = [await freePort(), await freePort()];
  const address = (number: number): string => `127.0.0.1:${number}`;
  const words = [
    '--runtime-interface-emulator-address',
    address(port),
    '--runtime-api-address',
    address(runtimePort),
  ];
  const folder = dirname(programPath('rotate.py'));
  const child = spawn(emulator, [...words, ...command, 'rotate.handler'], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      ENDPOINT: endpoint,
      LAMBDA_TASK_ROOT: folder,
      AWS_ACCESS_KEY_ID: name,
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(TIMEOUT_SECONDS),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  const ended = once(child, 'exit');
  try {
    const url = `http://${address(port)}`;
    await untilOpen(url);
    return await work(url);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function untilOpen(url: string): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    const isOpen = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isOpen) return;
    await pause(100);
  }
}

async function rotation({ simulator }: Simulated, functionName: string, url: string): Promise<unknown> {
  const call = (operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> =>
    simulator.call('secretsmanager', operation, input, 'operator');
  simulator.secretsManager.functions.register({
    name: functionName,
    behaviour: 'healthy',
    handler: remoteFunction(url, PATIENCE_MS),
  });
  const rotator = simulator.secretsManager.functions.all().find(({ name }) => name === functionName);
  const SecretId = `app/${functionName}`;
  const [first, token] = ['1', '2'].map((digit) => `${digit.repeat(8)}-1111-4111-8111-${digit.repeat(12)}`);
  await call('CreateSecret', { Name: SecretId, SecretString: '{}', ClientRequestToken: first });
  const RotationRules = { AutomaticallyAfterDays: 30 };
  const asked = {
    SecretId,
    ClientRequestToken: token,
    RotationLambdaARN: rotator?.arn,
    RotationRules,
  };
  await call('RotateSecret', asked);
  for (let left = PATIENCE_MS; left > 0; left -= 500) {
    const { VersionIdsToStages } = Object(await call('DescribeSecret', { SecretId }));
    const stages = Object(VersionIdsToStages)[token ?? ''] ?? [];
    if (stages.includes('AWSCURRENT')) return 'AWSCURRENT';
    await pause(500);
  }
  return 'not rotated';
}

/** Returns the message about a step of a function that fails. */
async function failureOf(url: string, how: string): Promise<string> {
  const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/${how}-Ab12Cd`;
  const request = {
    SecretId: arn,
    ClientRequestToken: '33333333-1111-4111-8111-333333333333',
    Step: 'setSecret',
  };
  try {
    return `no failure: ${JSON.stringify(await remoteFunction(url, PATIENCE_MS)(request))}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

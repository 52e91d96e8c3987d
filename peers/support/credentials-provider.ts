import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Ground, install, pause } from './ground.ts';

/** Version of the Workload Credentials Provider that is built. */
export const PROVIDER_VERSION = '3.1.2';

const CRATE = 'aws_workload_credentials_provider';
const PROGRAM = 'aws-workload-credentials-provider';

/**
 * Settings of the build that save most of its time: the same program, without optimisation. The profile stays `release`,
 * because `dev` adds assertions and checks for overflow, which could change an answer.
 */
const BUILD = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '256',
  CARGO_PROFILE_RELEASE_DEBUG: 'none',
};

/** Path of the program, built from crates.io. */
export async function providerIn(ground: Ground): Promise<string> {
  const folder = await ground.installed(`workload-credentials-provider-${PROVIDER_VERSION}`, async (path) => {
    ground.tell('Building the provider from crates.io, which takes several minutes…');
    const words = ['install', CRATE, '--version', PROVIDER_VERSION, '--locked'];
    const places = ['--root', path, '--target-dir', join(path, 'target')];
    await install('cargo', [...words, ...places, '--quiet'], { env: BUILD });
    await rm(join(path, 'target'), { recursive: true, force: true });
  });
  return join(folder, 'bin', PROGRAM);
}

/** A provider that runs. */
export interface RunningProvider {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the provider on a free port; it reads from the endpoint as the role `agent`. */
export async function startProvider(
  program: string,
  { endpoint, token }: { readonly endpoint: string; readonly token: string },
): Promise<RunningProvider> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-'));
  const port = await freePort();
  const config = join(folder, 'config.toml');
  await writeFile(config, configuration(port));
  const child = spawn(program, ['sm', 'start', '--config', config], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment(endpoint), AWS_TOKEN: token },
  });
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (await isReady(port)) return { port, close };
  await close();
  throw new Error('The provider answers no ping');
}

const configuration = (port: number): string => `[logging]
log_level = "NONE"
log_to_file = false
[capabilities.secrets_manager]
http_port = ${port}
region = "eu-west-1"
`;

const environment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'agent',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
});

async function isReady(port: number): Promise<boolean> {
  for (let left = 200; left > 0; left -= 1) {
    const status = await fetch(`http://127.0.0.1:${port}/ping`).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) return true;
    await pause(50);
  }
  return false;
}

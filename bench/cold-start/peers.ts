import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { BUNDLING, handlerNames } from '../../scripts/bundle/build-handlers.ts';
import { CLIENTS, neededClients } from './needed-clients.ts';

/** Bundles, made like ours, of handlers that make their clients and do nothing else. */
export async function buildBareHandlers(folder: string): Promise<void> {
  const sources = join(folder, 'sources');
  mkdirSync(sources, { recursive: true });
  const entryPoints = handlerNames().map((name) => {
    const path = join(sources, `${name}.mjs`);
    writeFileSync(path, bareHandler(name));
    return path;
  });
  const nodePaths = [resolve('node_modules')];
  await build({ ...BUNDLING, entryPoints, outdir: folder, nodePaths, sourcemap: false });
}

function bareHandler(name: string): string {
  const packages = neededClients(name);
  const imports = packages.map(
    (each) => `import { ${CLIENTS[each].join(', ')} } from '@aws-sdk/client-${each}';`,
  );
  const clients = packages.map((each) => `new ${CLIENTS[each][0]}({ region: 'eu-west-1' })`);
  const commands = packages.flatMap((each) => CLIENTS[each].slice(1));
  return `${imports.join('\n')}
const clients = [${clients.join(', ')}];
const commands = [${commands.join(', ')}];
export const handler = async (event) => clients[0].send(new commands[event.which](event));
`;
}

/**
 * Builds our handlers as the NodejsFunction construct of the CDK does by default: one CommonJS file each, the SDK left
 * to the runtime. It has to lie where the SDK is found.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html
 */
export async function buildDefaultHandlers(folder: string): Promise<void> {
  await build({
    entryPoints: handlerNames().map((name) => `src/monitor/handlers/${name}.ts`),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@aws-sdk/*', '@smithy/*'],
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
  });
}

import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { BUNDLING } from './build-handlers.ts';

/**
 * Starts the agent with the Node.js of the runtime, or with one that lies beside it in the layer: runtimes of other
 * languages have none.
 */
const WRAPPER = `#!/bin/sh
own=/opt/secret-rotation-agent
[ -n "$SECRET_ROTATION_AGENT_HOME" ] && own="$SECRET_ROTATION_AGENT_HOME"
node="$own/node"
[ -x "$node" ] || node=/var/lang/bin/node
[ -x "$node" ] || node=$(command -v node) || { echo 'secret-rotation-agent: no Node.js in runtime or layer' >&2; exit 1; }
exec "$node" "$own/agent.mjs" agent --lambda-extension
`;

/** Builds the Lambda layer of the agent into a folder, emptied before: an extension, and all that it needs. */
export async function buildAgentLayer(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    ...BUNDLING,
    splitting: false,
    sourcemap: false,
    legalComments: 'eof',
    // Taken by path: what is deployed imports no client.
    entryPoints: { agent: 'client/src/cli.ts' },
    banner: { js: banner },
    outdir: `${folder}/secret-rotation-agent`,
  });
  mkdirSync(`${folder}/extensions`);
  writeFileSync(`${folder}/extensions/secret-rotation-agent`, WRAPPER);
  chmodSync(`${folder}/extensions/secret-rotation-agent`, 0o755);
}

import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { buildAgentLayer } from './bundle/build-agent-layer.ts';
import { buildHandlers } from './bundle/build-handlers.ts';
import { buildRotationFunctions } from './bundle/build-rotation-functions.ts';
import { toolCommand } from './tools/tool-command.ts';

const TEMPLATES = 'infra/templates';

toolCommand({
  name: 'npm run bundle --',
  does: 'Bundles the handlers, the layer of the agent and the rotation functions into the folder "dist", with the templates.',
  examples: ['npm run bundle'],
  exitCodes: { 0: 'all is there' },
}).parse();

await buildHandlers('dist/handlers');
await buildAgentLayer('dist/agent-layer');
rmSync('dist/templates', { recursive: true, force: true });
mkdirSync('dist/templates', { recursive: true });
for (const file of readdirSync(TEMPLATES).filter((name) => name.endsWith('.json')))
  cpSync(`${TEMPLATES}/${file}`, `dist/templates/${file}`);
await buildRotationFunctions('dist/rotation-functions');

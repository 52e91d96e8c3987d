import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { buildAgentLayer } from './bundle/build-agent-layer.ts';
import { buildHandlers } from './bundle/build-handlers.ts';
import { buildRotationFunctions } from './bundle/build-rotation-functions.ts';

const TEMPLATES = 'infra/templates';

await buildHandlers('dist/handlers');
await buildAgentLayer('dist/agent-layer');
rmSync('dist/templates', { recursive: true, force: true });
mkdirSync('dist/templates', { recursive: true });
for (const file of readdirSync(TEMPLATES).filter((name) => name.endsWith('.json')))
  cpSync(`${TEMPLATES}/${file}`, `dist/templates/${file}`);
await buildRotationFunctions('dist/rotation-functions');

import { buildHandlers } from './bundle/build-handlers.ts';

await buildHandlers('dist/handlers');

export { type Rehearsal, rehearse } from './testing/rehearse.ts';
export type { RemoteHandler } from './testing/remote-handler.ts';
export type { RehearsedHandler, RehearseOptions } from './testing/stage.ts';

export { type Rehearsal, type RehearsedHandler, type RehearseOptions, rehearse } from './testing/rehearse.ts';

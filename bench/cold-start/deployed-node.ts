import { nodeOf } from '../../test/support/installed-packages.ts';

/** The Node.js of the runtime that is deployed, `nodejs24.x`. */
const VERSION = '24.21.0';

/** Path of the executable of the deployed runtime's Node.js; undefined, with the reason printed, where there is none. */
export const deployedNode = (): Promise<string | undefined> => nodeOf(VERSION);

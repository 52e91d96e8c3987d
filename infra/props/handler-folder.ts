import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeploymentError } from './deployment-error.ts';

/** Possible folders of the bundles, relative to this file in the sources and in the package. */
const PLACES = ['../../dist', '../..'];

/** The folder with the bundles of the monitor's handlers; throws when they were not made. */
export const handlerFolder = (): string => bundles('handlers');

/** The folder with the bundles of rotation functions; throws when they were not made. */
export const rotationFunctionFolder = (): string => bundles('rotation-functions');

/** The folder with the Lambda layer of the client's agent; throws when it was not made. */
export const agentLayerFolder = (): string => bundles('agent-layer');

function bundles(name: string): string {
  const places = PLACES.map((place) => fileURLToPath(new URL(`${place}/${name}`, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new DeploymentError(`Cannot find the bundles in ${name}: run "npm run build" first`);
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the bundles are, seen from this file in the sources and in the package. */
const PLACES = ['../dist/handlers', '../handlers'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);

/** The folder with the bundles of this package; throws when they were not made. */
export function handlerFolder(): string {
  const found = PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error('Cannot find the bundles of the handlers: run "npm run build" first');
}

import { createRequire } from 'node:module';

/** Returns the version of this package, which reports name. */
export function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('secret-rotation-monitor/package.json');
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : '0.0.0';
}

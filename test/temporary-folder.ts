import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives a run of the tests a temporary folder of its own, and removes it with all that tests and libraries left there. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rotation-monitor-tests-'));
  // Database servers run as users of their own, and go through it to what is theirs.
  chmodSync(folder, 0o711);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  };
}

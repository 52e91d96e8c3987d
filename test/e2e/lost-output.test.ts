import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, inject, test } from 'vitest';

/** A device on which every write fails, as on a full disk. */
const FULL = '/dev/full';
const COST = ['cost', '--calls-per-hour', '1000', '--processes', '1', '--ttl', '300'];

test.for([COST, [...COST, '--json']])(
  'output that is lost on a full disk is an error: %j',
  (args, context) => {
    if (!existsSync(FULL)) return context.skip('this system has no device that is always full');
    const full = openSync(FULL, 'w');
    const { status, stderr } = spawnSync(process.execPath, [inject('cli'), ...args], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Error: Cannot write: no space is left\n {2}ENOSPC/);
    expect(stderr).not.toMatch(/^\s+at /m);
  },
);

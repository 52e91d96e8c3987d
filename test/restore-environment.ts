import { afterEach } from 'vitest';

const before = { ...process.env };

/** Test files share a process: the settings that a deployment puts into the environment end with its test. */
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

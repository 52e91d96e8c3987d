import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hearProviders } from '../../../../../src/monitor/adapters/aws/client-readiness.ts';

const CONFIG = `
[profile failing]
credential_process = sh -c "echo hunter2horse >&2; exit 3"
[profile expired]
credential_process = echo '{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"2020-01-01T00:00:00Z"}'
[profile working]
credential_process = echo '{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b"}'
[profile base]
aws_access_key_id = a
aws_secret_access_key = b
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/reader
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/alex
`;

/** Looks for the credentials of a profile, in a configuration of its own. */
async function lookedFor(profile: string) {
  const folder = mkdtempSync(join(tmpdir(), 'aws-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  writeFileSync(join(folder, 'config'), CONFIG);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const { logger, reason } = hearProviders();
  const provider = defaultProvider({ profile, logger, ignoreCache: true });
  const message = await provider().then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return { message, reason: reason() };
}

test.each([
  ['failing', 'The credential_process of the profile failed'],
  ['expired', expect.stringContaining('credential_process returned expired credentials')],
  ['absent', expect.stringContaining('Could not resolve credentials using profile: [absent]')],
  ['mfa', expect.stringContaining('requires multi-factor authentication')],
])('the reason why the profile "%s" has no credentials is heard', async (profile, reason) => {
  expect(await lookedFor(profile)).toEqual({ message: expect.any(String), reason });
});

test('nothing is wrong with a profile that has some, nor said where there is no profile at all', async () => {
  expect(await lookedFor('working')).toEqual({ message: undefined, reason: undefined });
  expect((await lookedFor('default')).reason).toBeUndefined();
});

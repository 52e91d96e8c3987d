import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import type { Service, TargetAccess } from '../../application/service.ts';
import type { Config } from '../../config/settings.ts';
import { type Target, targetKey } from '../../domain/secret/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Joints, SdkOptions } from '../joints/joints.ts';
import { onFirstUse } from '../joints/on-first-use.ts';

/** The parts that look closer at a target. */
type Closer = Pick<TargetAccess, 'inspector' | 'history'>;

/** Looks no closer than the catalog shows; whoever uses it loads no clients for more. */
export const NO_CLOSER_LOOK: Closer = { inspector: undefined, history: undefined };

/** Makes the parts that look closer at a target. */
export type MakeCloser = (config: Config, sdk: SdkOptions, clock: Clock) => Closer;

/** The inputs from which the access to other accounts is made. */
interface AccessJoints extends Joints {
  readonly closer: MakeCloser;
}

/** The ways into other accounts and regions. Clients are kept for as long as the process lives: credentials of an account serve all its regions. */
export function accessTo(joints: AccessJoints): Service['accessTo'] {
  const byTarget = new Map<string, TargetAccess>();
  const sdkAt = sdkFor(joints);
  return (target) => {
    const key = targetKey(target);
    const access = byTarget.get(key) ?? accessWith(joints, sdkAt(target), target);
    byTarget.set(key, access);
    return access;
  };
}

/** The options of clients that call a target, with one session for each account. */
export function sdkFor(joints: Joints): (target: Target) => SdkOptions {
  const byAccount = new Map<string, SdkOptions>();
  return ({ account, region }) => {
    const options = byAccount.get(account) ?? optionsFor(joints, account);
    byAccount.set(account, options);
    return { ...options, region };
  };
}

const accessWith = (
  { config, closer, clock }: AccessJoints,
  sdk: SdkOptions,
  { region }: Target,
): TargetAccess => ({
  catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
  ...closer({ ...config, region }, sdk, clock),
});

/** Other regions of the home account need no role; in other accounts requests are signed by a session, also in process. */
function optionsFor({ config, sdk, clock }: Joints, account: string): SdkOptions {
  if (account === config.accountId) return sdk;
  const { signer: _signer, credentials: _credentials, protocol: _protocol, ...rest } = sdk;
  const role = {
    roleArn: `arn:${partitionOf(config)}:iam::${account}:role/${config.memberRoleName}`,
    externalId: config.memberExternalId,
    sessionName: 'secret-rotation-monitor',
  };
  // Loaded on first use: most deployments have no other accounts.
  const provider = onFirstUse(async () => {
    const [{ STSClient }, { assumedRole }] = await Promise.all([
      import('@aws-sdk/client-sts'),
      import('../../adapters/sts/assumed-role.ts'),
    ]);
    return assumedRole(new STSClient(sdk), role, clock);
  });
  return { ...rest, credentials: async () => (await provider())() };
}

/** Such as `aws` or `aws-cn`: that of our own resources. */
export const partitionOf = ({ alertTopicArn }: Config): string => alertTopicArn.split(':')[1] ?? 'aws';

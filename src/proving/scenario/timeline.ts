import { type Instant, later } from '../../calendar/instant.ts';
import { AwsError } from '../../simulator/call/aws-error.ts';
import type { Input } from '../../simulator/call/service.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { defined } from './defined.ts';
import { type Prepared, type PreparedSecret, setBehaviour } from './prepare.ts';
import type { TimelineEntry } from './scenario.ts';
import { functionBehaviour, secretBehaviour } from './schema.ts';

/** Something of the timeline that was done. */
export interface Done {
  readonly at: Instant;
  readonly entry: TimelineEntry;
  /** The service's reason for refusing; undefined when it did not refuse. */
  readonly refusal: string | undefined;
}

/** Callbacks of the timeline to its participants. */
export interface TimelineHooks {
  /** Does what the latest alert about the secret advises. */
  advise(secret: PreparedSecret): Promise<void>;
  /** Called with what was done, `advice` included. */
  onDone?(done: Done): void;
}

/** Operations that take the id of a new version. */
const TOKENED: readonly string[] = ['PutSecretValue', 'RotateSecret', 'UpdateSecret'];

/** Plans what the timeline holds within the run, on the simulator's clock. */
export function playTimeline(simulator: Simulator, prepared: Prepared, hooks: TimelineHooks): void {
  for (const entry of prepared.scenario.timeline) {
    const secret = prepared.secrets.get(entry.secret);
    const at = later(prepared.startsAt, entry.atMs);
    if (secret === undefined || at > prepared.endsAt) continue;
    simulator.clock.schedule(at, async () => {
      const refusal = await perform({ simulator, prepared, hooks, entry, secret });
      hooks.onDone?.({ at, entry, refusal });
    });
  }
}

interface Deed {
  readonly simulator: Simulator;
  readonly prepared: Prepared;
  readonly hooks: TimelineHooks;
  readonly entry: TimelineEntry;
  readonly secret: PreparedSecret;
}

async function perform(deed: Deed): Promise<string | undefined> {
  const { simulator, hooks, entry, secret } = deed;
  switch (entry.do) {
    case 'advice':
      await hooks.advise(secret);
      return undefined;
    case 'SetFunctionBehaviour':
      return deployFunction(deed, secret.secret.function ?? '');
    case 'SetSecretBehaviour':
      simulator.secretsManager.configure(secret.arn, defined(secretBehaviour.parse(entry.with)));
      return undefined;
    default:
      return callService(deed);
  }
}

/** Another behaviour comes with other code, which CloudTrail records. */
async function deployFunction({ simulator, entry }: Deed, name: string): Promise<undefined> {
  await simulator.call('lambda', 'UpdateFunctionCode', { FunctionName: name }, 'deployer');
  setBehaviour(simulator, name, functionBehaviour.parse(entry.with));
}

async function callService({ simulator, prepared, entry, secret }: Deed): Promise<string | undefined> {
  const token = TOKENED.includes(entry.do) ? { ClientRequestToken: prepared.random.uuid() } : {};
  const input = { ...token, ...resolved(simulator, secret, entry.with), SecretId: secret.arn };
  try {
    await simulator.call('secretsmanager', entry.do, input, 'operator');
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** The input with version stages such as `$AWSPENDING` in place of ids, and functions by their ARNs. */
function resolved({ secretsManager }: Simulator, { arn }: PreparedSecret, input: Input): Input {
  const stages = secretsManager.history(arn).at(-1)?.stages ?? {};
  const versions = Object.entries(stages).map(([id, labels]) => ({ id, stages: labels }));
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value];
      if (key === 'RotationLambdaARN') return [key, secretsManager.functions.find(value)?.arn ?? value];
      return [key, value.startsWith('$') ? idOf(versions, value.slice(1)) : value];
    }),
  );
}

const idOf = (
  versions: readonly { readonly id: string; readonly stages: readonly string[] }[],
  label: string,
) => versions.find(({ stages }) => stages.includes(label))?.id;

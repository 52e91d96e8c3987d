import { type Random, seededRandom } from '../call/random.ts';
import type { Call, EmitEvent, Home, Operation, Service } from '../call/service.ts';
import { createKms } from '../kms/kms.ts';
import { FunctionLogs } from '../lambda/function-logs.ts';
import { FunctionResources } from '../lambda/function-resources.ts';
import type { Invocation } from '../lambda/invocation-metrics.ts';
import { LogGroups } from '../logs/log-groups.ts';
import { Agenda } from '../time/agenda.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { announcedAll } from './events/announced-operation.ts';
import { tellLabels, tellPurges } from './events/label-events.ts';
import { recordedReads } from './events/recorded-read.ts';
import { batchGetSecretValue } from './lifecycle/batch-get-secret-value.ts';
import { lifecycleOperations } from './lifecycle/secret-lifecycle.ts';
import { secretPurge } from './lifecycle/secret-purge.ts';
import { getSecretValue, putSecretValue } from './lifecycle/secret-values.ts';
import { tagOperations } from './lifecycle/tags.ts';
import { updateSecretVersionStage } from './lifecycle/update-secret-version-stage.ts';
import { describeSecret } from './read/describe-secret.ts';
import { listSecretVersionIds } from './read/list-secret-version-ids.ts';
import { listSecrets } from './read/list-secrets.ts';
import { getRandomPassword } from './read/random-password.ts';
import { Replication } from './replication/replication.ts';
import { replicationOperations } from './replication/replication-operations.ts';
import { FailureCauses } from './rotation/failure-causes.ts';
import { cancelRotateSecret, rotateSecret } from './rotation/rotate-secret.ts';
import { RotationEngine } from './rotation/rotation-engine.ts';
import { RotationFunctions } from './rotation/rotation-function.ts';
import { RotationRunner } from './rotation/rotation-runner.ts';
import { type CallAs, readStepRequest } from './rotation/rotation-step.ts';
import { DEFAULT_TIMINGS, type RotationTimings } from './rotation/rotation-timings.ts';
import { type SeedParts, type SeedSecret, seedSecret } from './seed.ts';
import { type Core, findSecret, named } from './store/core.ts';
import { secretNotFound } from './store/errors.ts';
import { Outbox } from './store/outbox.ts';
import type { Secret } from './store/secret.ts';
import { SecretHistory, type StageChange } from './store/secret-history.ts';
import { type SecretSetting, SecretSettings } from './store/secret-settings.ts';
import { type Change, SecretStore } from './store/secret-store.ts';
import { type TargetDatabase, TargetDatabases } from './store/target-database.ts';
import { CURRENT, holderOf } from './store/version-stages.ts';

/** Options of the service. */
export interface SecretsManagerOptions {
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly home: Home;
  readonly emit: EmitEvent;
  /** Carries out the calls of rotation functions; straight into the service's operations when not given. */
  readonly callAs?: CallAs;
  /** Values other than the usual ones. */
  readonly timings?: Partial<RotationTimings>;
  /** The functions as Lambda has them; some of its own when not given. */
  readonly resources?: FunctionResources;
  /** Logs of the rotation functions; nothing is kept when not given. */
  readonly logs?: FunctionLogs;
  /** Takes the records of reads and of the use of keys; nobody does when not given. */
  readonly noteRead?: Core['noteRead'];
  /** The keys that encrypt secrets; keys that everybody may use when not given. */
  readonly keys?: Core['keys'];
  /** Called with every invocation of a rotation function. */
  readonly onInvocation?: (invocation: Invocation) => void;
}

/** A secret by its two names. */
interface SecretName {
  readonly arn: string;
  readonly name: string;
}

/** A simulated Secrets Manager with its rotation functions, target databases and ground truth. */
export interface SecretsManager extends Service {
  readonly functions: RotationFunctions;
  /** Runs one step of a rotation function at once, as an operator does by hand. Fails with what the function throws. */
  invoke(functionNameOrArn: string, payload: unknown): Promise<null>;
  /** Puts a secret in without any event. */
  seed(secret: SeedSecret): SecretName;
  /** Puts many secrets in; a hundred thousand take seconds. */
  seedMany(count: number, make: (index: number) => SeedSecret): void;
  /** All secrets that exist, those marked for deletion included. */
  secrets(): Iterable<SecretName>;
  /** The ground truth about a secret, in order; also by the ARN of a secret that is gone. */
  history(secretId: string): readonly StageChange[];
  /** The target behind a secret. */
  database(secretId: string): TargetDatabase;
  /** Puts the target of another secret behind a secret, as for two users of one database. */
  share(secretId: string, withSecretId: string): void;
  /** Keys that secrets name. */
  keyIds(): readonly string[];
  /** True while a rotation attempt runs or a further one is due. */
  isRotating(secretId: string): boolean;
  /** Changes how the service treats one secret. */
  configure(secretId: string, setting: Partial<SecretSetting>): void;
  /** Changes how it treats all secrets that were not configured one by one. */
  configureAll(setting: Partial<SecretSetting>): void;
  /** Lets lists lag behind by up to `ms` milliseconds, each change by chance. */
  delayLists(ms: number): void;
  /** The same for DescribeSecret, as everybody but rotation functions sees it. */
  delayDescriptions(ms: number): void;
}

/** A simulated Secrets Manager without any secret. */
export function createSecretsManager(options: SecretsManagerOptions): SecretsManager {
  const parts = createParts(options);
  const { core, engine, functions, databases, history, settings, runner, replication } = parts;
  const operations = createOperations(parts);
  parts.callAs = options.callAs ?? directCalls(core, operations);
  const find = (secretId: string): Secret => {
    const secret = core.store.find(secretId);
    if (secret === undefined) throw secretNotFound();
    return secret;
  };
  return {
    operations,
    functions,
    invoke: async (nameOrArn, payload) => {
      await runner.run(functions.find(nameOrArn)?.arn ?? nameOrArn, readStepRequest(payload));
      return null;
    },
    seed: (secret) => seedSecret(parts, secret),
    seedMany: (count, make) => {
      for (let index = 0; index < count; index++) seedSecret(parts, make(index));
    },
    secrets: () => core.store.all(),
    history: (secretId) => {
      const secret = core.store.find(secretId);
      return secret === undefined ? history.ofArn(secretId) : history.of(secret);
    },
    database: (secretId) => databases.behind(find(secretId).arn, find(secretId).state),
    share: (secretId, other) =>
      databases.place(find(secretId).arn, databases.behind(find(other).arn, find(other).state)),
    keyIds: () => [...core.store.all()].flatMap(({ state }) => state.kmsKeyId ?? []),
    isRotating: (secretId) => engine.isRunning(find(secretId)),
    configure: (secretId, setting) => {
      const secret = find(secretId);
      settings.set(secret.arn, setting);
      if (setting.missesWindows === false) engine.resume(secret);
      if (setting.replication === 'works') replication.resume(secret);
    },
    configureAll: (setting) => settings.setForAll(setting),
    delayLists: (ms) => {
      core.store.lists.delayMs = ms;
    },
    delayDescriptions: (ms) => {
      core.store.descriptions.delayMs = ms;
    },
  };
}

interface Parts extends SeedParts {
  readonly agenda: Agenda;
  readonly history: SecretHistory;
  readonly settings: SecretSettings;
  readonly runner: RotationRunner;
  readonly replication: Replication;
  /** Chance of its own, so others are not shifted by the length of a password. */
  readonly passwords: Random;
  callAs: CallAs;
}

function createParts(options: SecretsManagerOptions): Parts {
  const {
    clock,
    random,
    home,
    emit,
    timings: set,
    onInvocation = () => undefined,
    noteRead = () => undefined,
  } = options;
  const timings = { ...DEFAULT_TIMINGS, ...set };
  const store = new SecretStore(home, random);
  const resources = options.resources ?? new FunctionResources(clock, home);
  const logs = options.logs ?? new FunctionLogs(new LogGroups(), resources, clock);
  const functions = new RotationFunctions(resources, home, ({ name, arn }) => {
    logs.open(name);
    causes.repair(arn);
  });
  const keys = options.keys ?? createKms({ home, now: () => clock.now(), inUse: () => [] });
  const causes = new FailureCauses({ keys, functions });
  const databases = new TargetDatabases();
  const history = new SecretHistory(databases);
  const settings = new SecretSettings();
  const agenda = new Agenda(clock);
  const isRotator = (role: string) => functions.isRole(role);
  const core: Core = { home, clock, random, store, outbox: new Outbox(emit), noteRead, keys, isRotator };
  const callAs: CallAs = (...call) => parts.callAs(...call);
  const invoking = { functions, databases, store, random, timings, callAs, onInvocation, logs, causes };
  const runner = new RotationRunner(invoking);
  const engine = new RotationEngine({ core, agenda, runner, databases, history, settings, timings });
  const replication = new Replication({ core, agenda, settings, timings });
  const shared = { core, engine, functions, databases, agenda, history, settings, runner, replication };
  const parts: Parts = { ...shared, callAs, passwords: seededRandom(random.below(2 ** 31)) };
  store.onChange((change) => placeDatabase(databases, change));
  store.onChange((change) => history.note(change.secret, change, change));
  store.onChange((change) => tellLabels(core, change));
  store.onChange((change) => tellPurges(core, change));
  store.onChange((change) => engine.notice(change));
  store.onChange((change) => replication.notice(change));
  return parts;
}

function createOperations(parts: Parts): Readonly<Record<string, Operation>> {
  const { core, engine, functions, agenda, replication } = parts;
  const rotation = { engine, functions };
  return {
    ...recordedReads(core, {
      DescribeSecret: (input, call) => describeSecret(core, input, call),
      GetSecretValue: (input, call) => getSecretValue(core, input, call),
      ListSecrets: (input, call) => listSecrets(core, input, call),
      ListSecretVersionIds: (input) => listSecretVersionIds(core, input),
      BatchGetSecretValue: (input, call) => batchGetSecretValue(core, input, call),
      GetRandomPassword: (input) => getRandomPassword(parts.passwords, input),
      GetResourcePolicy: (input) => named(findSecret(core, input)),
    }),
    ...announcedAll(core, {
      ...lifecycleOperations(core, secretPurge(core, agenda, engine), replication),
      ...replicationOperations(core, replication),
      ...tagOperations(core),
      PutSecretValue: (input, call) => putSecretValue(core, input, call),
      UpdateSecretVersionStage: (input, call) => updateSecretVersionStage(core, input, call),
      RotateSecret: (input, call) => rotateSecret(core, rotation, input, call),
      CancelRotateSecret: (input, call) => cancelRotateSecret(core, rotation, input, call),
    }),
  };
}

function directCalls({ home, clock, random }: Core, operations: Service['operations']): CallAs {
  return async (role, operation, input) => {
    const principal = `arn:aws:sts::${home.account}:assumed-role/${role}/${role}`;
    const call: Call = { ...home, role, principal, requestId: random.uuid(), now: clock.now() };
    return operations[operation]?.(input, call);
  };
}

/** The target accepts what was AWSCURRENT when rotation was first configured. */
function placeDatabase(databases: TargetDatabases, { secret, before, after }: Change): void {
  if (after.rotation === undefined || databases.known(secret.arn) !== undefined) return;
  const hadValue = holderOf(before?.versions ?? [], CURRENT)?.value !== undefined;
  databases.behind(secret.arn, hadValue && before !== undefined ? before : after);
}

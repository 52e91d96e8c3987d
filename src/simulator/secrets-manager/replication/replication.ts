import { later } from '../../../calendar/instant.ts';
import type { Agenda } from '../../time/agenda.ts';
import { replicationEvent } from '../events/bus-events.ts';
import { drawn } from '../rotation/rotation-runner.ts';
import type { RotationTimings } from '../rotation/rotation-timings.ts';
import type { Core } from '../store/core.ts';
import type { ReplicaStatus, Secret } from '../store/secret.ts';
import type { SecretSettings } from '../store/secret-settings.ts';
import type { Change, Commit } from '../store/secret-store.ts';
import { CURRENT, holderOf } from '../store/version-stages.ts';

/** Dependencies of replication. */
export interface ReplicationParts {
  readonly core: Core;
  readonly agenda: Agenda;
  readonly settings: SecretSettings;
  readonly timings: Pick<RotationTimings, 'replicationMs'>;
}

/** Status message of a replica that could not be made; the text is our own. */
const FAILURE = 'No permissions available on the KMS key to complete the replication';

/**
 * Copies secrets to other Regions, as far as the primary shows it: the replicas themselves are in no Region of this
 * simulator. https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
 */
export class Replication {
  readonly #parts: ReplicationParts;
  /** The copying under way, by secret and Region. */
  readonly #underWay = new Map<Secret, Map<string, () => void>>();

  constructor(parts: ReplicationParts) {
    this.#parts = parts;
  }

  /** Begins to copy a secret to the Regions of those of its replicas that are named. */
  start(secret: Secret, regions: readonly string[]): void {
    const { core } = this.#parts;
    this.#show(secret, regions, { status: 'InProgress', message: undefined });
    for (const region of regions) {
      core.outbox.push(replicationEvent(core, 'ReplicationStarted', { secret }));
      this.#plan(secret, region);
    }
  }

  /** Copies again what hung, once nothing is in the way any longer. */
  resume(secret: Secret): void {
    for (const { region, status } of secret.state.replicas) {
      if (status === 'InProgress') this.#plan(secret, region);
    }
  }

  /** Copies a new version in use to all replicas. */
  notice({ secret, before, after }: Change): void {
    if (before === undefined || after.replicas.length === 0) return;
    const current = holderOf(after.versions, CURRENT)?.id;
    if (current === undefined || current === holderOf(before.versions, CURRENT)?.id) return;
    this.start(
      secret,
      after.replicas.map(({ region }) => region),
    );
  }

  #plan(secret: Secret, region: string): void {
    const { agenda, core, timings } = this.#parts;
    const running = this.#underWay.get(secret) ?? new Map<string, () => void>();
    this.#underWay.set(secret, running);
    running.get(region)?.();
    const endsAt = later(core.clock.now(), drawn(core.random, timings.replicationMs));
    const cancel = agenda.schedule(endsAt, async () => {
      running.delete(region);
      this.#end(secret, region);
      await core.outbox.flush();
    });
    running.set(region, cancel);
  }

  #end(secret: Secret, region: string): void {
    const { core, settings } = this.#parts;
    const { replication } = settings.of(secret.arn);
    const isThere = core.store.find(secret.arn) === secret && hasReplica(secret, region);
    if (!isThere || replication === 'hangs') return;
    const fails = replication === 'fails';
    const status = fails ? 'Failed' : 'InSync';
    this.#show(secret, [region], { status, message: fails ? FAILURE : undefined });
    core.outbox.push(
      fails
        ? replicationEvent(core, 'ReplicationFailed', { secret, errorMessage: FAILURE })
        : replicationEvent(core, 'ReplicationSucceeded', { secret }),
    );
  }

  #show(secret: Secret, regions: readonly string[], shown: Pick<ReplicaStatus, 'status' | 'message'>): void {
    const { core } = this.#parts;
    const replicas = secret.state.replicas.map((replica) =>
      regions.includes(replica.region) ? { ...replica, ...shown } : replica,
    );
    const commit: Commit = { at: core.clock.now(), cause: 'replication', operation: undefined };
    core.store.commit(secret, { ...secret.state, replicas }, commit);
  }
}

const hasReplica = ({ state }: Secret, wanted: string): boolean =>
  state.replicas.some(({ region }) => region === wanted);

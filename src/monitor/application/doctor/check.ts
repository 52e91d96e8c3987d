import type { Instant } from '../../../calendar/instant.ts';
import type { Deployed } from '../../domain/doctor/deployed.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import type { FunctionInspector } from '../../ports/look/function-inspector.ts';
import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';

/** The ports by which checks examine a deployment. */
export interface Doctor {
  readonly probe: DeploymentProbe;
  /** The secrets, for the rotation functions that they name. */
  readonly catalog: Pick<SecretCatalog, 'list'>;
  readonly inspector: Pick<FunctionInspector, 'configuration' | 'grants'>;
  readonly deployed: Deployed;
  readonly now: Instant;
}

/** One check of the doctor, for what it examines. */
export interface Check<Examined> {
  /** Name of the deployment in its diagnoses. */
  readonly name: string;
  /** The permissions that it takes. */
  readonly needs: readonly string[];
  run(examined: Examined): Promise<readonly Diagnosis[]>;
}

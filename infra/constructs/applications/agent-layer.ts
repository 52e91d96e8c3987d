import { Duration } from 'aws-cdk-lib';
import {
  Code,
  type ILayerVersion,
  type Function as LambdaFunction,
  LayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { agentLayerFolder } from '../../props/handler-folder.ts';

/** Properties of an {@link AgentLayer}. */
export interface AgentLayerProps {
  /** The function whose environments get an agent. */
  readonly function: LambdaFunction;
  /** Secrets the agent may read. The agent of this package serves these alone. */
  readonly secrets: readonly ISecret[];
  /**
   * ARN of the layer of another agent, such as AWS's Parameters and Secrets extension.
   *
   * @default - a layer with the agent of `secret-rotation-client`, for functions whose runtime is Node.js
   */
  readonly layerVersionArn?: string;
  /**
   * Longest time the agent serves a value it has read.
   *
   * @default Duration.minutes(5)
   */
  readonly ttl?: Duration;
  /**
   * Time between two looks of this package's agent for a new version, made when a secret is requested. The other agents
   * do not look.
   *
   * @default - with the TTL
   */
  readonly pollInterval?: Duration;
  /**
   * Folder with the layer.
   *
   * @default - the layer of this package; in its sources `npm run build` makes it
   */
  readonly layerFolder?: string;
}

/** Longest TTL of AWS's extension. https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html */
const LONGEST_TTL = Duration.seconds(300);
const PORT = 2773;

/**
 * Puts a local agent beside a Lambda function: the layer, its settings, where the client finds it, and the permission
 * to read the secrets. The token is the session token that every environment has.
 */
export class AgentLayer extends Construct {
  readonly layer: ILayerVersion;

  constructor(scope: Construct, id: string, props: AgentLayerProps) {
    super(scope, id);
    const { function: target, secrets, layerVersionArn, ttl = LONGEST_TTL } = props;
    if (secrets.length === 0)
      throw new Error('Cannot attach an agent that may read nothing: name its secrets');
    if (ttl.toSeconds() > LONGEST_TTL.toSeconds())
      throw new Error(`Cannot let an agent serve for ${ttl.toSeconds()} s: at most 300 s are allowed`);
    this.layer =
      layerVersionArn === undefined
        ? this.#own(props.layerFolder)
        : LayerVersion.fromLayerVersionArn(this, 'Layer', layerVersionArn);
    target.addLayers(this.layer);
    target.addEnvironment('SECRETS_MANAGER_AGENT_ENDPOINT', `http://127.0.0.1:${PORT}`);
    for (const [name, value] of Object.entries(settingsOf(props, ttl))) target.addEnvironment(name, value);
    for (const secret of secrets) secret.grantRead(target);
  }

  #own(folder: string | undefined): LayerVersion {
    return new LayerVersion(this, 'Layer', {
      code: Code.fromAsset(folder ?? agentLayerFolder()),
      description: 'Local agent of secret-rotation-client',
    });
  }
}

/** Each agent reads variables of its own. */
function settingsOf({ layerVersionArn, ...props }: AgentLayerProps, ttl: Duration): Record<string, string> {
  if (layerVersionArn !== undefined)
    return {
      PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(PORT),
      SECRETS_MANAGER_TTL: String(ttl.toSeconds()),
    };
  const allowed = props.secrets.map((secret) => `"${secret.secretFullArn ?? secret.secretArn}"`).join(', ');
  const { pollInterval } = props;
  const lines = [
    `ttl_seconds = ${ttl.toSeconds()}`,
    '[secret_rotation_client]',
    `allowed_secrets = [${allowed}]`,
    ...(pollInterval === undefined
      ? []
      : ['[secret_rotation_client.invalidation]', `poll_interval_seconds = ${pollInterval.toSeconds()}`]),
  ];
  return { SECRET_ROTATION_AGENT_CONFIG: lines.join('\n') };
}

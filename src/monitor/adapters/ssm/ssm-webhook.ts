import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { Redacted } from '../../domain/redacted.ts';
import { type Webhook, WebhookError } from '../../ports/tell/webhook.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** A webhook whose address is an SSM parameter, read once and again after it was forgotten. */
export function ssmWebhook(client: SSMClient, parameterName: string): Webhook {
  let known: Redacted | undefined;
  return {
    async url() {
      known ??= await read(client, parameterName);
      return known;
    },
    forget() {
      known = undefined;
    },
  };
}

/** The SDK's error is not kept as a cause: it may carry the body of an answer that could not be read. */
async function read(client: SSMClient, Name: string): Promise<Redacted> {
  let value: string | undefined;
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    value = Parameter?.Value?.trim();
  } catch (error) {
    throw new WebhookError(
      `Cannot read SSM parameter "${Name}": ${describeFailure(error)}`,
      failureOf(error),
    );
  }
  if (value !== undefined && isAddress(value)) return new Redacted(value);
  throw new WebhookError(
    `Cannot use SSM parameter "${Name}" as an address: expected a URL with https and without a user name`,
    {
      reason: 'invalid',
      retryable: false,
    },
  );
}

/** Addresses on this machine may do without TLS, as tests need. */
const isAddress = (text: string): boolean =>
  /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])[^@]*$/.test(text) && URL.canParse(text);

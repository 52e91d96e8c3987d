import { MONTH_SECONDS } from './kms-requests.ts';

/** Readers that Lambda keeps at a queue with nothing in it. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const POLLERS = 5;
/** The longest that a request for messages waits. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html */
const WAIT_SECONDS = 20;

/** Requests that Lambda makes in a month to queues that stay empty. */
export const idlePolls = (queues: number): number => (queues * POLLERS * MONTH_SECONDS) / WAIT_SECONDS;

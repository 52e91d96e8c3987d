import type { FunctionActivity, FunctionConfiguration } from '../../domain/examine/function-inspection.ts';
import type { InvokeGrant } from '../../domain/examine/invoke-grant.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';

/** A function in memory. */
export interface MemoryFunction {
  readonly configuration: FunctionConfiguration;
  readonly grants: readonly InvokeGrant[];
  readonly reservedConcurrency: number | 'none';
  readonly activity: Omit<FunctionActivity, 'span'>;
}

/** Functions in memory; counts how often each question was asked. */
export interface MemoryFunctionInspector extends FunctionInspector {
  /** Puts a function in by its ARN; undefined takes it away. */
  put(functionArn: string, found: MemoryFunction | undefined): void;
  /** The questions so far, such as `configuration arn:…`. */
  readonly asked: readonly string[];
}

/** Knows the functions that were put in. */
export function memoryFunctionInspector(): MemoryFunctionInspector {
  const functions = new Map<string, MemoryFunction>();
  const asked: string[] = [];
  const known = (functionArn: string): MemoryFunction => {
    const found = functions.get(functionArn);
    if (found !== undefined) return found;
    const message = `Cannot inspect "${functionArn}": there is no such function`;
    throw new FunctionInspectorError(message, { reason: 'not-found', retryable: false });
  };
  const ask = (question: string, functionArn: string): void => void asked.push(`${question} ${functionArn}`);
  return {
    asked,
    put: (functionArn, found) => {
      if (found === undefined) functions.delete(functionArn);
      else functions.set(functionArn, found);
    },
    configuration: async (functionArn) => {
      ask('configuration', functionArn);
      return functions.get(functionArn)?.configuration;
    },
    grants: async (functionArn) => {
      ask('grants', functionArn);
      return functions.get(functionArn)?.grants ?? [];
    },
    reservedConcurrency: async (functionArn) => {
      ask('reservedConcurrency', functionArn);
      return known(functionArn).reservedConcurrency;
    },
    activity: async (functionArn, span) => {
      ask('activity', functionArn);
      const idle = { invocations: 0, errors: 0, throttles: 0, longestMs: undefined };
      return { ...(functions.get(functionArn)?.activity ?? idle), span };
    },
  };
}

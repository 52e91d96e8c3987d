import { ofFunction, ofQueue, ofRotationFunctions } from '../aws-metrics.ts';
import type { Watched } from '../watched.ts';
import type { MetricRow } from './body.ts';
import { type Row, row } from './layout.ts';
import { countOf, dimensionValue, formula, line } from './metric-row.ts';
import { graph } from './widgets.ts';

/** The queues and functions of the monitor, and the rotation functions it watches. */
export const resourceRows = (watched: Watched): readonly Row[] => [
  row(5, queueAges(watched), deadLetters(watched), functionErrors(watched)),
  row(5, functionDurations(watched), rotationErrors(watched), rotationDurations(watched)),
];

const queueAges = (watched: Watched) =>
  graph(watched, {
    title: 'Oldest message in a queue (seconds)',
    metrics: Object.entries(watched.queues).flatMap(([label, name], index) =>
      countOf(ofQueue(name, 'ApproximateAgeOfOldestMessage'), { id: `age${index}`, label }),
    ),
  });

const deadLetters = (watched: Watched) =>
  graph(watched, {
    title: 'Dead letters',
    metrics: Object.entries(watched.deadLetterQueues).flatMap(([label, name], index) =>
      countOf(ofQueue(name, 'ApproximateNumberOfMessagesVisible'), { id: `dead${index}`, label }),
    ),
  });

const functionErrors = (watched: Watched) =>
  graph(watched, {
    title: 'Errors and throttles of the monitor',
    metrics: Object.entries(watched.functions).flatMap(([label, name]): readonly MetricRow[] => [
      line(ofFunction(name, 'Errors'), { label }),
      line(ofFunction(name, 'Throttles'), { label: `${label}, throttled` }),
    ]),
    legend: { position: 'hidden' },
  });

const functionDurations = (watched: Watched) =>
  graph(watched, {
    title: 'Longest run of a function (ms)',
    metrics: Object.entries(watched.functions).map(([label, name]) =>
      line(ofFunction(name, 'Duration'), { label }),
    ),
  });

const rotationErrors = (watched: Watched) =>
  graph(watched, {
    title: 'Rotation functions: errors, throttles',
    period: 3600,
    metrics: [
      formula(ofRotationFunctions(watched, 'Errors', 'Sum'), {
        id: 'errors',
        label: dimensionValue('FunctionName'),
      }),
      formula(ofRotationFunctions(watched, 'Throttles', 'Sum'), {
        id: 'throttles',
        label: `${dimensionValue('FunctionName')}, throttled`,
      }),
    ],
  });

const rotationDurations = (watched: Watched) =>
  graph(watched, {
    title: 'Rotation functions: longest run (ms)',
    period: 3600,
    metrics: [
      formula(ofRotationFunctions(watched, 'Duration', 'Maximum'), {
        id: 'durations',
        label: dimensionValue('FunctionName'),
      }),
    ],
  });

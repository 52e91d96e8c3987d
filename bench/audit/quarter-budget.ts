import type { ComparedQuarter } from './compare-quarter.ts';

/** Returns the deviations of an audit from the truth, in words; with events lost, only completed rotations are exact. */
export function quarterBreaches(
  {
    secrets,
    rows,
    differing,
    miscounted,
    unmarked,
    withLostSuccess,
    eventsDropped,
    ...rest
  }: ComparedQuarter,
  losesEvents: boolean,
): readonly string[] {
  const wrong = losesEvents ? miscounted : differing;
  const [first] = wrong;
  const off = rest.population.filter(({ difference }) => difference !== 0);
  return [
    ...(rows === secrets ? [] : [`There are ${rows} rows of ${secrets} secrets`]),
    ...(first === undefined ? [] : [`${wrong.length} rows are wrong, the first ${JSON.stringify(first)}`]),
    ...(unmarked.length === 0 ? [] : [`${unmarked.length} rows are not marked, the first ${unmarked[0]}`]),
    ...(rest.population.length === 1 && off.length === 0
      ? []
      : [`The population does not add up: ${JSON.stringify(rest.population)}`]),
    ...(eventsDropped > 0 === losesEvents ? [] : [`${eventsDropped} events were lost`]),
    ...(withLostSuccess > 0 === losesEvents ? [] : [`${withLostSuccess} rows have lost a success`]),
    ...(rest.inferred > 0 === losesEvents ? [] : [`${rest.inferred} rows are inferred`]),
    ...Object.entries(rest.truth).flatMap(([name, sum]) =>
      sum > 0 ? [] : [`The quarter shows nothing about ${name}`],
    ),
  ];
}

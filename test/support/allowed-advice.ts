import { forbiddenAdvice } from '../../src/proving/court/checks/bad-advice.ts';
import { adviceIn } from '../../src/proving/court/told/told-in.ts';

/** The furthest step that the message itself says the version has reached. */
const stepIn = (text: string): string | undefined =>
  /(?:had reached|last step named is) (\w+)/.exec(text)?.[1];

/** Returns the advice of a message that is forbidden, judged by the message's own facts: empty when there is none. */
export const forbiddenIn = (text: string): readonly string[] =>
  forbiddenAdvice(adviceIn(text), {
    managed: text.includes('The rotation is managed by'),
    setBegun: () => ['setSecret', 'testSecret', 'finishSecret'].includes(stepIn(text) ?? ''),
    labels: (versionId) => {
      const pattern = new RegExp(`version ${versionId} carries only (\\S+?)\\.(?:\\s|$)`);
      return pattern.exec(text)?.[1]?.split(', ') ?? [];
    },
    currentId: /AWSCURRENT is on version ([\w-]+)/.exec(text)?.[1],
  });

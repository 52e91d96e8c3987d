/** SNS takes "less than 100 characters". https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST = 99;
const CUT = '...';
/** A name is left at least this of its end. */
const SHORTEST_NAME = 12;

/** What a subject is made of, in order. */
interface SubjectParts {
  /** In brackets: a severity, or what became of the alert. */
  readonly head: string;
  readonly name: string;
  /** The finding's code, or several. */
  readonly code: string;
  /** How it stands to what was said before; may be empty. */
  readonly standing: string;
}

/** A subject that fits everywhere: of a name that is too long the end is kept, of what follows the code as little as needed is cut. */
export function subjectLine({ head, name, code, standing }: SubjectParts): string {
  const fixed = `[${head}] : ${code}`.length;
  const room = LONGEST - fixed;
  const short = shortened(name, Math.max(SHORTEST_NAME, room - standing.length));
  return `[${head}] ${short}: ${code}${standing}`;
}

const shortened = (name: string, room: number): string =>
  name.length <= room ? name : `${CUT}${name.slice(CUT.length - room).replace(/^[\udc00-\udfff]/, '')}`;

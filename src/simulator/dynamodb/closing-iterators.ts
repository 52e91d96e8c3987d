import { createRequire } from 'node:module';

/** What is used of the base of all iterators over a level database. */
interface IteratorClass {
  readonly prototype: { close(): Promise<void>; return?: () => Promise<void> };
}

interface AbstractLevel {
  readonly AbstractKeyIterator: IteratorClass;
  readonly AbstractValueIterator: IteratorClass;
}

/**
 * Has dynalite close the iterators of its queries. It ends its streams by `return()`, as if they were async generators;
 * the iterators of abstract-level have no such method, and one that is never closed keeps the whole table as it was then:
 * 20 MB for each simulated day of 1,000 secrets. (dynalite 4.0.0, `createValueStream` in `db/index.js`.)
 */
export function closeIterators(): void {
  const ofDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  const { AbstractKeyIterator, AbstractValueIterator }: AbstractLevel = ofDynalite('abstract-level');
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    prototype.return ??= function close(this: { close(): Promise<void> }) {
      return this.close();
    };
  }
}

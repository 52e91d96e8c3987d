import type { BusEvent, EmitEvent } from '../../call/service.ts';

/** Events that a change has caused and that are yet to be handed to the bus, in order. */
export class Outbox {
  readonly #emit: EmitEvent;
  readonly #events: BusEvent[] = [];

  constructor(emit: EmitEvent) {
    this.#emit = emit;
  }

  push(event: BusEvent): void {
    this.#events.push(event);
  }

  /** Puts an event before those that wait: the call before what it caused. */
  pushFirst(event: BusEvent): void {
    this.#events.unshift(event);
  }

  /** Hands everything to the bus. */
  async flush(): Promise<void> {
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      await this.#emit(event);
    }
  }
}

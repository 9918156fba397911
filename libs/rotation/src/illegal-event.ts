/** An entry of the journal that cannot follow the ones before it. Nothing may be done with such a rotation. */
export class IllegalEvent extends Error {
  constructor(event: string, why: string) {
    super(`journal entry ${event} is illegal here: ${why}`);
    this.name = 'IllegalEvent';
  }
}

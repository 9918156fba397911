/** So many host effects at once in this process: connections, memory and the journal are shared by all drives. */
export class Room {
  private used = 0;

  constructor(private readonly places: number) {}

  /** Takes up to `wanted` places and says how many it got. */
  take(wanted: number): number {
    const got = Math.max(0, Math.min(wanted, this.places - this.used));
    this.used += got;
    return got;
  }

  give(): void {
    this.used -= 1;
  }
}

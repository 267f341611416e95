/** What the pretend van will do, in the order of the times; what was entered first comes first. */
export interface Appointment {
  readonly atNs: number;
  readonly act: (atNs: number) => void;
}

export class Agenda {
  readonly #appointments: Appointment[] = [];

  get nextNs(): number {
    return this.#appointments[0]?.atNs ?? Number.POSITIVE_INFINITY;
  }

  /** @returns call to strike it out again */
  add(atNs: number, act: (atNs: number) => void): () => void {
    // The clock counts whole nanoseconds.
    const appointment = { atNs: Math.ceil(atNs), act };
    let index = this.#appointments.length;
    while (index > 0 && (this.#appointments[index - 1]?.atNs ?? 0) > appointment.atNs) index -= 1;
    this.#appointments.splice(index, 0, appointment);
    return () => {
      const place = this.#appointments.indexOf(appointment);
      if (place >= 0) this.#appointments.splice(place, 1);
    };
  }

  takeNext(): Appointment | undefined {
    return this.#appointments.shift();
  }
}

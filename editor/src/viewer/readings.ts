/** What tests read of the scene's time: what is shown and what is heard, each as it was told to who shows and plays it. */

export const readings: Readings = {
  /** The moment that was shown last, and what the sound's clock read then. */
  posed: 0,
  posedAt: 0,
  /** What sounds were told: when to begin by their clock, and from which moment. */
  begun: 0,
  from: 0,
  /** Where sounds of figures are: the figure's number, x and z in metres. */
  placed: [],
};

interface Readings {
  posed: number;
  posedAt: number;
  begun: number;
  from: number;
  placed: readonly (readonly number[])[];
}

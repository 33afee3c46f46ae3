/** Sound as a WAV file of 16 bits: what every program reads. */

const HEAD = 44;

/** Channels of samples from -1 to 1, all of one length, as a WAV file. */
export function wavOf(channels: readonly Float32Array[], rate: number): ArrayBuffer {
  const length = channels[0]?.length ?? 0;
  const frame = channels.length * 2;
  const file = new ArrayBuffer(HEAD + length * frame);
  const view = new DataView(file);
  const word = (at: number, text: string) => new Uint8Array(file).set(new TextEncoder().encode(text), at);
  word(0, "RIFF");
  view.setUint32(4, 36 + length * frame, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frame, true);
  view.setUint16(32, frame, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, length * frame, true);
  channels.forEach((samples, channel) => {
    samples.forEach((sample, at) => view.setInt16(HEAD + at * frame + channel * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true));
  });
  return file;
}

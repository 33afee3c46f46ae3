/** Where sounds are in a scene, and from where they are heard. */

export type Place = readonly [x: number, y: number, z: number];

/** Who hears: where, which way it looks, and where its head points. */
export interface Ear {
  readonly position: Place;
  readonly forward: Place;
  readonly up: Place;
}

/** Metres at which a sound is as loud as it is in the mix, and how quickly it fades beyond. */
const NEAR = 3;
const FADING = 0.8;

/** A panner that puts a sound into the room; it goes where it is told. */
export function pannerIn(context: BaseAudioContext): PannerNode {
  return new PannerNode(context, { panningModel: "HRTF", distanceModel: "inverse", refDistance: NEAR, rolloffFactor: FADING });
}

/** Put a panner at a place. */
export function placeAt(panner: PannerNode, [x, y, z]: Place): void {
  panner.positionX.value = x;
  panner.positionY.value = y;
  panner.positionZ.value = z;
}

/** Let the page hear from somewhere. Not every browser lets the listener be moved by its parameters. */
export function hearFrom(listener: AudioListener, { position, forward, up }: Ear): void {
  const given: readonly (readonly [AudioParam | undefined, number])[] = [
    [listener.positionX, position[0]], [listener.positionY, position[1]], [listener.positionZ, position[2]],
    [listener.forwardX, forward[0]], [listener.forwardY, forward[1]], [listener.forwardZ, forward[2]],
    [listener.upX, up[0]], [listener.upY, up[1]], [listener.upZ, up[2]],
  ];
  for (const [parameter, value] of given) if (parameter !== undefined) parameter.value = value;
}

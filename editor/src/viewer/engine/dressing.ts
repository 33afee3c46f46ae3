/** What stands around a model or scene so that it can be seen: light, sky, air, falling rain or snow. */

import {
  AmbientLight,
  BackSide,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  FogExp2,
  Group,
  HemisphereLight,
  LineSegments,
  Mesh,
  type Object3D,
  Scene,
  ShaderMaterial,
  SphereGeometry,
} from "three";

import type { Content } from "./content.ts";
import type { Environment } from "./facts.ts";

export interface Dressed {
  readonly scene: Scene;
  /** The light that the viewer adds, which can be turned off. */
  readonly lights: Object3D;
  readonly exposure: number;
  readonly pose: (seconds: number) => void;
  readonly dispose: () => void;
}

export function dress(content: Content): Dressed {
  const scene = new Scene();
  scene.add(content.root);
  const { environment } = content;
  const lights = environment === null ? studio() : ambience(environment);
  scene.add(lights);
  if (environment === null) return { scene, lights, exposure: 1, pose: content.pose, dispose: () => scene.clear() };
  const around: Object3D[] = [];
  const fall = environment.rain + environment.snow > 0 && environment.setting === "outdoor" ? falling(environment) : null;
  if (environment.setting === "outdoor") around.push(sky(environment));
  else scene.background = colour(environment.fog_color);
  if (fall !== null) around.push(fall.object);
  if (environment.fog_density > 0) scene.fog = new FogExp2(colour(environment.fog_color), environment.fog_density);
  if (around.length > 0) scene.add(...around);
  return {
    scene,
    lights,
    exposure: environment.exposure,
    pose: (seconds) => {
      content.pose(seconds);
      fall?.pose(seconds);
    },
    dispose: () => {
      for (const object of around) {
        if (!(object instanceof Mesh || object instanceof LineSegments)) continue;
        if (object.geometry instanceof BufferGeometry) object.geometry.dispose();
        if (object.material instanceof ShaderMaterial) object.material.dispose();
      }
      scene.clear();
    },
  };
}

function colour([red, green, blue]: readonly [number, number, number]): Color {
  return new Color(red, green, blue);
}

/** Light for a single model: from the sky, and from two sides. */
function studio(): Group {
  const group = new Group();
  const key = new DirectionalLight(0xffffff, 2.4);
  key.position.set(3, 6, 5);
  const rim = new DirectionalLight(0xdfe8ff, 0.9);
  rim.position.set(-5, 3, -4);
  return group.add(new HemisphereLight(0xffffff, 0x8a8f99, 1.7), key, rim);
}

function ambience(environment: Environment): Group {
  // The radiance of a grey sky; what falls on a surface from all of it is that times pi.
  return new Group().add(new AmbientLight(colour(environment.ambient), Math.PI));
}

function sky(environment: Environment): Mesh {
  const material = new ShaderMaterial({
    side: BackSide,
    depthWrite: false,
    depthTest: false,
    fog: false,
    uniforms: { zenith: { value: colour(environment.sky_zenith) }, horizon: { value: colour(environment.sky_horizon) } },
    vertexShader: `
      varying vec3 way;
      void main() {
        way = position;
        vec4 place = projectionMatrix * mat4(mat3(modelViewMatrix)) * vec4(position, 1.0);
        gl_Position = place.xyww;
      }`,
    fragmentShader: `
      uniform vec3 zenith;
      uniform vec3 horizon;
      varying vec3 way;
      void main() {
        float height = clamp(normalize(way).y, 0.0, 1.0);
        gl_FragColor = vec4(mix(horizon, zenith, pow(height, 0.55)), 1.0);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  });
  const dome = new Mesh(new SphereGeometry(1, 24, 12), material);
  dome.frustumCulled = false;
  dome.renderOrder = -1000;
  return dome;
}

const DROPS = 1400;
/** Metres that drops are spread over, and from which they fall. */
const SPREAD = 16;
const TOP = 12;

/** Rain as short lines, snow as shorter ones; where each drop is follows from the time alone. */
function falling(environment: Environment): { readonly object: LineSegments; readonly pose: (seconds: number) => void } {
  const isSnow = environment.snow > environment.rain;
  const count = Math.round(DROPS * Math.min(1, environment.rain + environment.snow));
  const places = new Float32Array(count * 6);
  const ends = new Float32Array(count * 2);
  for (let drop = 0; drop < count; drop += 1) {
    const place = [scatter(drop, 0.754877) * SPREAD, scatter(drop, 0.569840) * TOP, scatter(drop, 0.438578) * SPREAD];
    places.set([...place, ...place], drop * 6);
    ends[drop * 2 + 1] = 1;
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(places, 3));
  geometry.setAttribute("end", new BufferAttribute(ends, 1));
  const seconds = { value: 0 };
  const material = new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { seconds, speed: { value: isSnow ? 1.1 : 8.5 }, streak: { value: isSnow ? 0.03 : 0.32 }, strength: { value: isSnow ? 0.75 : 0.22 } },
    vertexShader: `
      attribute float end;
      uniform float seconds;
      uniform float speed;
      uniform float streak;
      void main() {
        vec3 eye = cameraPosition;
        vec3 place = position;
        place.y = mod(place.y - seconds * speed, ${TOP.toFixed(1)});
        place.xz = mod(place.xz - eye.xz, ${SPREAD.toFixed(1)}) - ${(SPREAD / 2).toFixed(1)} + eye.xz;
        place.y += end * streak;
        gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
      }`,
    fragmentShader: `
      uniform float strength;
      void main() {
        gl_FragColor = vec4(vec3(0.85, 0.9, 1.0), strength);
      }`,
  });
  const object = new LineSegments(geometry, material);
  object.frustumCulled = false;
  return { object, pose: (at) => (seconds.value = at) };
}

/** Numbers from 0 to 1, evenly spread and the same each time. */
function scatter(number: number, step: number): number {
  return (number * step) % 1;
}

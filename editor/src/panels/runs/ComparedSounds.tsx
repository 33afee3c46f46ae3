/** Two sounds on one clock: A or B is heard, and pressing the other goes on at the same moment in it. */

import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { contentOf, thumbnailOf } from "../../api/runs.ts";
import { useSay } from "../../state/preferences.ts";
import { stopPlaying } from "../../viewer/playing.ts";

const LETTERS = ["A", "B"] as const;

interface SoundsProps {
  readonly digests: readonly [string, string];
  readonly names: readonly [string, string];
}

export function ComparedSounds({ digests, names }: SoundsProps) {
  const say = useSay();
  const sounds = useRef<readonly HTMLAudioElement[]>([]);
  const [heard, setHeard] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [fraction, setFraction] = useState(0);
  useEffect(() => {
    const made = digests.map((digest) => new Audio(contentOf(digest)));
    for (const sound of made) {
      sound.addEventListener("timeupdate", () => {
        if (!sound.paused && sound.duration > 0) setFraction(sound.currentTime / sound.duration);
      });
      sound.addEventListener("ended", () => setPlaying(false));
    }
    sounds.current = made;
    return () => made.forEach((sound) => sound.pause());
  }, [digests]);
  const play = (side: number, at: number) => {
    sounds.current.forEach((sound) => sound.pause());
    const sound = sounds.current[side];
    if (sound === undefined) return;
    stopPlaying();
    sound.currentTime = at;
    void sound.play().then(
      () => setPlaying(true),
      () => setPlaying(false),
    );
  };
  const toggle = () => {
    const sound = sounds.current[heard];
    if (isPlaying) {
      sound?.pause();
      setPlaying(false);
    } else play(heard, sound?.ended === true ? 0 : (sound?.currentTime ?? 0));
  };
  const hear = (side: number) => {
    const at = sounds.current[heard]?.currentTime ?? 0;
    setHeard(side);
    if (isPlaying) play(side, at);
  };
  return (
    <div className="sounds">
      <button type="button" className="tool" aria-label={say(isPlaying ? "runs.pauseSound" : "runs.playSound")} onClick={toggle}>
        {isPlaying ? <Pause size={16} aria-hidden="true" /> : <Play size={16} aria-hidden="true" />}
      </button>
      <div className="segments" role="radiogroup" aria-label={say("runs.heard")}>
        {LETTERS.map((letter, side) => (
          <button key={letter} type="button" role="radio" aria-checked={heard === side} className="dock-tab" onClick={() => hear(side)}>
            {letter} {names[side]}
          </button>
        ))}
      </div>
      <div className="sounds-wave">
        <img key={heard} src={thumbnailOf(digests[heard] ?? digests[0])} alt="" onError={(event) => (event.currentTarget.hidden = true)} />
        <i style={{ left: `${(fraction * 100).toFixed(1)}%` }} />
      </div>
    </div>
  );
}

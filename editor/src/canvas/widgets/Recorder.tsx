/** Records from the microphone. Browsers record in formats of their own; what is handed on is a WAV file. */

import { Mic, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { wavOf } from "../../core/wav.ts";
import { useSay } from "../../state/preferences.ts";
import { toast } from "../../state/views.ts";

interface Recording {
  readonly recorder: MediaRecorder;
  readonly stop: () => void;
}

export function Recorder({ label, onFile }: { readonly label: string; readonly onFile: (file: File) => void }) {
  const say = useSay();
  const now = useRef<Recording | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const isOn = seconds !== null;
  useEffect(() => () => now.current?.stop(), []);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setSeconds((before) => (before ?? 0) + 1), 1000);
    return () => clearInterval(timer);
  }, [isOn]);
  const begin = async () => {
    const begun = await recorded((file) => {
      now.current = null;
      setSeconds(null);
      if (file === null) toast({ key: "record.nothing", values: {} });
      else onFile(file);
    });
    if (begun === null) {
      toast({ key: "record.refused", values: {} });
      return;
    }
    now.current = begun;
    setSeconds(0);
  };
  const words = say(isOn ? "record.stop" : "record.start");
  return (
    <button
      type="button"
      className={`small nodrag${isOn ? " is-recording" : ""}`}
      aria-pressed={isOn}
      aria-label={`${label}: ${words}`}
      title={words}
      data-testid="record"
      onClick={() => {
        if (now.current === null) void begin();
        else now.current.recorder.stop();
      }}
    >
      {isOn ? <Square size={12} fill="currentColor" aria-hidden="true" /> : <Mic size={14} aria-hidden="true" />}
      {isOn && <span className="record-time">{`${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`}</span>}
    </button>
  );
}

/** Begin to record; null where there is no microphone or it is not given. What was recorded comes once it was stopped. */
async function recorded(onDone: (file: File | null) => void): Promise<Recording | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    let isLeft = false;
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      if (!isLeft) void asWav(new Blob(parts)).then(onDone);
    };
    recorder.start();
    const stop = () => {
      isLeft = true;
      if (recorder.state !== "inactive") recorder.stop();
    };
    return { recorder, stop };
  } catch {
    return null;
  }
}

async function asWav(blob: Blob): Promise<File | null> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await blob.arrayBuffer());
    const channels = Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at));
    return sound.length === 0 ? null : new File([wavOf(channels, sound.sampleRate)], "recording.wav", { type: "audio/wav" });
  } catch {
    return null;
  } finally {
    void context.close();
  }
}

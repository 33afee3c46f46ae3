/** What a person who has never been here is told: what this machine has, and where to begin. */

import { useEffect, useState } from "react";

import type { Device } from "../api/generated.ts";
import { fetchDevices } from "../api/machine.ts";
import { useDocuments } from "../state/documents.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { beginTour } from "../state/tour.ts";

const GIB = 2 ** 30;

export function FirstRun() {
  const isShownAround = usePreferences((state) => state.isShownAround);
  return isShownAround ? null : <Offer />;
}

function Offer() {
  const say = useSay();
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  useEffect(() => {
    void fetchDevices().then((reply) => {
      if (reply.isOk) setDevices(reply.value);
    });
  }, []);
  return (
    <div className="first-run" data-testid="first-run">
      <span>{devices !== null && <Hardware devices={devices} />}</span>
      <button type="button" className="link" data-testid="show-around" onClick={() => void beginTour()}>
        {say("first.go")}
      </button>
    </div>
  );
}

function Hardware({ devices }: { readonly devices: readonly Device[] }) {
  const say = useSay();
  const nodes = useDocuments((state) => state.catalogue.nodes);
  const largest = devices.filter((device) => device.is_gpu).toSorted((a, b) => (b.total_bytes ?? 0) - (a.total_bytes ?? 0))[0];
  if (largest === undefined) return say("first.cpu");
  const gib = (largest.total_bytes ?? 0) / GIB;
  const modelled = [...nodes.values()].filter((type) => type.vramGib > 0);
  return say("first.gpu", { device: largest.title, gib: Math.round(gib), fit: modelled.filter((type) => type.vramGib <= gib).length, all: modelled.length });
}

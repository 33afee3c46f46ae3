/** What the server works with: how full its devices are, which models it has, and how to get those that are missing. */

import { CircleCheck, Copy, Cpu, Download, TriangleAlert } from "lucide-react";
import { useEffect } from "react";

import type { Device, Model } from "../api/generated.ts";
import { fullnessOf } from "../core/memory.ts";
import { useMachine, watchMachine } from "../state/machine.ts";
import { usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import { toast } from "../state/views.ts";
import { bytesText, secondsText, tenthsText } from "../words/when.ts";
import { Tool } from "./queue/Tool.tsx";

export function DevicesPanel() {
  const say = useSay();
  const sayThat = useSayThat();
  const devices = useMachine((state) => state.devices);
  const models = useMachine((state) => state.models);
  const said = useMachine((state) => state.said);
  useEffect(() => watchMachine(), []);
  return (
    <div className="scroll machine" data-testid="devices">
      {said !== null && (
        <p className="none is-error" role="alert">
          {sayThat(said)}
        </p>
      )}
      <section>
        <h2>{say("devices.title")}</h2>
        {devices === null && said === null && <p className="none">{say("loading")}</p>}
        {devices?.map((device) => <DeviceCard key={device.name} device={device} />)}
      </section>
      <section>
        <h2>{say("models.title")}</h2>
        {models === null && said === null && <p className="none">{say("loading")}</p>}
        {models?.length === 0 && <p className="none">{say("models.none")}</p>}
        {models?.toSorted((a, b) => Number(a.state === "present") - Number(b.state === "present")).map((model) => <ModelCard key={model.name} model={model} />)}
      </section>
    </div>
  );
}

function DeviceCard({ device }: { readonly device: Device }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const { total_bytes: total, used_bytes: used } = device;
  const fullness = used === null || total === null ? "green" : fullnessOf(used, total);
  const resident = Object.entries(device.resident);
  return (
    <article className="machine-card" aria-label={device.title} data-testid={`device:${device.name}`}>
      <h3>
        <Cpu size={14} aria-hidden="true" />
        {device.title}
      </h3>
      {used === null || total === null ? (
        <p className="help">{say("devices.unknown")}</p>
      ) : (
        <>
          <div className={`memory-bar is-${fullness}`} role="meter" aria-label={say(device.is_gpu ? "devices.vram" : "devices.memory")} aria-valuenow={Math.round((used / total) * 100)} aria-valuemin={0} aria-valuemax={100} data-testid="memory-bar">
            <i style={{ width: `${String(Math.min(100, (used / total) * 100))}%` }} />
          </div>
          <p className="machine-line">
            {say(device.is_gpu ? "devices.vram" : "devices.memory")}: {say("devices.used", { used: bytesText(language, used), total: bytesText(language, total) })}
          </p>
        </>
      )}
      {device.is_gpu && fullness === "red" && (
        <p className="machine-warning" role="status">
          <TriangleAlert size={14} aria-hidden="true" />
          {say("devices.high")}
        </p>
      )}
      <p className="machine-line">
        {[
          device.utilisation === null ? "" : say("devices.busy", { value: Math.round(device.utilisation * 100) }),
          device.celsius === null ? "" : say("devices.celsius", { value: Math.round(device.celsius) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {device.lease !== null && <p className="machine-line">{say("devices.lease", { node: device.lease.node, seconds: secondsText(language, device.lease.since) })}</p>}
      {resident.length > 0 && (
        <ul className="machine-line">
          {resident.map(([name, bytes]) => (
            <li key={name}>
              {name} <span className="count">{bytesText(language, bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function ModelCard({ model }: { readonly model: Model }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const isThere = model.state === "present";
  const copy = () => void navigator.clipboard.writeText(model.how_to_get).then(() => toast({ key: "models.copied", values: {} }));
  return (
    <article className="machine-card" aria-label={model.title} data-testid={`model:${model.name}`}>
      <h3>
        {isThere ? <CircleCheck className="is-ok" size={14} aria-hidden="true" /> : <Download size={14} aria-hidden="true" />}
        {model.title}
      </h3>
      <p className="machine-line">
        {say(`models.${model.state}`)} · {say("gib", { gib: tenthsText(language, model.gib) })} · {model.license}
      </p>
      <p className="machine-line">{say("models.for", { nodes: model.nodes.join(", ") })}</p>
      {Object.entries(model.damaged).map(([file, why]) => (
        <p key={file} className="machine-line is-error">
          {file}: {why}
        </p>
      ))}
      {!isThere && (
        <details>
          <summary>{say("models.how")}</summary>
          <p className="machine-how">{model.how_to_get}</p>
          <Tool icon={Copy} label={say("models.copy")} run={copy} />
        </details>
      )}
    </article>
  );
}

/** What the server works with: devices, models, settings. */

import { type Device, Devices, type Model, Models, type Setting, Settings } from "./generated.ts";
import { type Answer, ask } from "./http.ts";

export async function fetchDevices(): Promise<Answer<readonly Device[]>> {
  const reply = await ask("/devices", Devices);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

export async function fetchModels(): Promise<Answer<readonly Model[]>> {
  const reply = await ask("/models", Models);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

/** The settings that take hold while servers run. Those of the environment are not among them. */
export async function fetchSettings(): Promise<Answer<readonly Setting[]>> {
  return changeable(await ask("/settings", Settings));
}

/** Set one; null gives it its default again. */
export async function changeSetting(name: string, value: string | number | boolean | null): Promise<Answer<readonly Setting[]>> {
  return changeable(await ask("/settings", Settings, { method: "PATCH", json: JSON.stringify({ [name]: value }) }));
}

function changeable(reply: Answer<Settings>): Answer<readonly Setting[]> {
  return reply.isOk ? { isOk: true, value: reply.value.items.filter((one) => !one.needs_restart) } : reply;
}

/** The devices and models of the server, while they are looked at; its settings. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { AnyEvent, Device, Model, Setting } from "../api/generated.ts";
import { changeSetting, fetchDevices, fetchModels, fetchSettings } from "../api/machine.ts";
import type { Said } from "../words/say.ts";
import { hearLive } from "./live.ts";
import { toast } from "./views.ts";

export interface Machine {
  readonly devices: readonly Device[] | null;
  readonly models: readonly Model[] | null;
  readonly settings: readonly Setting[] | null;
  /** Why devices or models are not known; null where they are, or are being asked for. */
  readonly said: Said | null;
  /** Why the settings are not, as where the key does not permit it. */
  readonly noSettings: Said | null;
}

export const machine = createStore<Machine>(() => ({ devices: null, models: null, settings: null, said: null, noSettings: null }));

export function useMachine<T>(select: (state: Machine) => T): T {
  return useStore(machine, select);
}

/** Know of devices and models until what is given back is called. */
export function watchMachine(): () => void {
  const look = () => void readDevices();
  const leave = hearLive("devices", hear, look);
  look();
  void readModels();
  return leave;
}

async function readDevices(): Promise<void> {
  const reply = await fetchDevices();
  machine.setState(reply.isOk ? { devices: reply.value, said: null } : { said: reply.said });
}

async function readModels(): Promise<void> {
  const reply = await fetchModels();
  machine.setState(reply.isOk ? { models: reply.value } : { said: reply.said });
}

function hear(event: AnyEvent): void {
  if (event.kind !== "device_snapshot") return;
  const { total_bytes, used_bytes, free_bytes, utilisation, level } = event;
  machine.setState(({ devices }) => ({
    devices: devices?.map((one) => (one.name === event.device ? { ...one, total_bytes, used_bytes, free_bytes, utilisation, level, celsius: event.temperature } : one)) ?? null,
  }));
}

export async function readSettings(): Promise<void> {
  const reply = await fetchSettings();
  machine.setState(reply.isOk ? { settings: reply.value, noSettings: null } : { noSettings: reply.said });
}

/** Set one; what the server does not take is told, and stays as it was. */
export async function putSetting(name: string, value: string | number | boolean | null): Promise<void> {
  const reply = await changeSetting(name, value);
  if (reply.isOk) machine.setState({ settings: reply.value });
  else toast(reply.said);
}

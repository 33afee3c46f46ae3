/** What a run leaves on record: its log, and why each step ran. */

import { type Device, Devices, type Hindsight, Hindsights, type LogLine, RunLog } from "./generated.ts";
import { type Answer, ask } from "./http.ts";

export async function fetchLog(run: string): Promise<Answer<readonly LogLine[]>> {
  const reply = await ask(`/runs/${encodeURIComponent(run)}/log`, RunLog);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

export async function fetchReasons(run: string): Promise<Answer<readonly Hindsight[]>> {
  const reply = await ask(`/runs/${encodeURIComponent(run)}/reasons`, Hindsights);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

export async function fetchDevices(): Promise<Answer<readonly Device[]>> {
  const reply = await ask("/devices", Devices);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

/* GPUs that are not there: what the real pynvml loads as libnvidia-ml.so.1 in the tests.

   The file that FAKE_NVML names has a line for each GPU: total, used (bytes), utilisation (%), temperature, pid and bytes
   of a process, UUID, name. A number below zero is a metric that the driver lacks; a total of zero a GPU that is lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, NOT_SUPPORTED = 3, TOO_SMALL = 7, LOST = 15, MOST = 8 };

typedef struct { long long total, used; int utilisation, celsius, pid; long long held; char uuid[96], name[96]; } Gpu;
typedef struct { unsigned long long total, free, used; } Memory;
typedef struct { unsigned gpu, memory; } Rates;
typedef struct { unsigned pid; unsigned long long bytes; unsigned gpu_instance, compute_instance; } Running;

static int gpus(Gpu *found) {
  const char *path = getenv("FAKE_NVML");
  FILE *file = path ? fopen(path, "r") : NULL;
  int count = 0;
  if (!file) return 0;
  while (count < MOST) {
    Gpu *g = &found[count];
    if (fscanf(file, "%lld %lld %d %d %d %lld %95s %95[^\n]", &g->total, &g->used, &g->utilisation, &g->celsius, &g->pid,
               &g->held, g->uuid, g->name) != 8) break;
    count++;
  }
  fclose(file);
  return count;
}

/* A handle is the number of the GPU plus one: the line is read anew for each question. */
static int gpu(void *handle, Gpu *found) {
  Gpu all[MOST];
  int number = (int)(size_t)handle - 1;
  if (number >= gpus(all)) return LOST;
  *found = all[number];
  return found->total ? OK : LOST;
}

int nvmlInitWithFlags(unsigned flags) { (void)flags; return OK; }
int nvmlShutdown(void) { return OK; }
const char *nvmlErrorString(int code) { return code == LOST ? "GPU is lost" : "Not Supported"; }

int nvmlDeviceGetCount_v2(unsigned *count) { Gpu all[MOST]; *count = (unsigned)gpus(all); return OK; }
int nvmlDeviceGetHandleByIndex_v2(unsigned number, void **handle) { *handle = (void *)(size_t)(number + 1); return OK; }

int nvmlDeviceGetName(void *handle, char *text, unsigned size) {
  Gpu g; int code = gpu(handle, &g);
  if (code == OK) snprintf(text, size, "%s", g.name);
  return code;
}

int nvmlDeviceGetUUID(void *handle, char *text, unsigned size) {
  Gpu g; int code = gpu(handle, &g);
  if (code == OK) snprintf(text, size, "%s", g.uuid);
  return code;
}

int nvmlDeviceGetMemoryInfo(void *handle, Memory *memory) {
  Gpu g; int code = gpu(handle, &g);
  if (code != OK) return code;
  if (g.used < 0) return NOT_SUPPORTED;
  memory->total = (unsigned long long)g.total;
  memory->used = (unsigned long long)g.used;
  memory->free = memory->total - memory->used;
  return OK;
}

int nvmlDeviceGetUtilizationRates(void *handle, Rates *rates) {
  Gpu g; int code = gpu(handle, &g);
  if (code != OK) return code;
  if (g.utilisation < 0) return NOT_SUPPORTED;
  rates->gpu = (unsigned)g.utilisation;
  rates->memory = 0;
  return OK;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *handle, unsigned *count, Running *running) {
  Gpu g; int code = gpu(handle, &g);
  unsigned room = *count;
  if (code != OK) return code;
  *count = g.pid > 0;
  if (g.pid <= 0) return OK;
  if (!running || room < 1) return TOO_SMALL;
  running[0] = (Running){(unsigned)g.pid, (unsigned long long)g.held, 0, 0};
  return OK;
}

/* FAKE_NVML_OLD leaves the question for the temperature out altogether, as an old driver does: see fake_nvml.py. */
#ifndef FAKE_NVML_OLD
int nvmlDeviceGetTemperature(void *handle, int sensor, unsigned *celsius) {
  Gpu g; int code = gpu(handle, &g);
  (void)sensor;
  if (code != OK) return code;
  if (g.celsius < 0) return NOT_SUPPORTED;
  *celsius = (unsigned)g.celsius;
  return OK;
}
#endif

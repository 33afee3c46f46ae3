// Prints, for each GLB named on the command line, the Khronos validator's report as one line of JSON.
import { readFileSync } from "node:fs";
import { validateBytes } from "gltf-validator";

for (const path of process.argv.slice(2)) {
  const report = await validateBytes(new Uint8Array(readFileSync(path)), { uri: path, maxIssues: 100 });
  console.log(JSON.stringify(report.issues));
}

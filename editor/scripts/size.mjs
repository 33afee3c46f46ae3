// Fails where the scripts that are loaded first are more than 300 kB, packed.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 300_000;
const folder = process.argv[2] ?? "../engine/diorama/editor";
const page = readFileSync(`${folder}/index.html`, "utf8");
const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(`${folder}/${path}`), { level: 9 }).length, 0);
console.log(`first load: ${(bytes / 1000).toFixed(1)} kB of script, packed (at most ${MOST / 1000})`);
if (scripts.length === 0 || bytes > MOST) process.exit(1);

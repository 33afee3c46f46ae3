/** Builds `scene.html`: one file with the viewer in it, into which a scene and its sounds are put. */

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Scripts and styles stand in the page itself: it is opened from a disk, where a page may fetch nothing. */
function inlined(): Plugin {
  return {
    name: "inlined",
    enforce: "post",
    // After the bundler has written what stands for preloading into the script.
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const page = bundle["scene.html"];
        if (page?.type !== "asset" || typeof page.source !== "string") throw new Error("the page was not built");
        let text = page.source;
        const scripts: string[] = [];
        for (const [name, file] of Object.entries(bundle)) {
          if (file === page) continue;
          if (file.type === "chunk") scripts.push(file.code);
          else if (name.endsWith(".css")) text = text.replace("</head>", () => `<style>${String(file.source)}</style></head>`);
          Reflect.deleteProperty(bundle, name);
        }
        const [script] = scripts;
        if (script === undefined || scripts.length > 1) throw new Error(`one script is wanted, but there are ${String(scripts.length)}`);
        text = text.replace(/<script type="module"[^>]*><\/script>|<link rel="(?:stylesheet|modulepreload)"[^>]*>/g, "");
        // What would end the element within the script is written in another way.
        page.source = text.replace("</body>", () => `<script type="module">${script.replaceAll("</script", "<\\/script")}</script></body>`);
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), inlined()],
  base: "./",
  publicDir: false,
  build: {
    outDir: "../engine/diorama/editor",
    emptyOutDir: false,
    target: "es2023",
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: "scene.html", output: { codeSplitting: false } },
  },
});

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { outline } from "./outline";

// Everything the pages need is in the build: no other host is asked at run time, and the content policy forbids it.
export default defineConfig({
  plugins: [react(), outline()],
  base: "/console/",
  build: {
    outDir: "built",
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: addresses would need a wider content policy
    modulePreload: { polyfill: false }, // the polyfill is an inline script
    reportCompressedSize: false,
    target: "es2022",
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8000" } },
});

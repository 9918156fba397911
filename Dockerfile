FROM node:22-bookworm-slim AS build
WORKDIR /windlass
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
# openssl judges chains as the hosts will.
RUN apt-get update && apt-get install -y --no-install-recommends openssl && rm -rf /var/lib/apt/lists/*
WORKDIR /windlass
COPY --from=build --chown=root:root /windlass/package.json ./
COPY --from=build --chown=root:root /windlass/node_modules ./node_modules
COPY --from=build --chown=root:root /windlass/dist ./dist
COPY --from=build --chown=root:root /windlass/libs/host/script ./libs/host/script
COPY --from=build --chown=root:root /windlass/policy ./policy
COPY --from=build --chown=root:root /windlass/libs/platform/postgres-guardian ./libs/platform/postgres-guardian
USER node
ENV NODE_ENV=production
CMD ["node", "dist/apps/api/src/main.js"]

# The image of Windlass: API (the default), worker and command line, with what `npm pack` packs and nothing else of
# this repository. It runs without root and with a root file system that is read-only; only /tmp has to be writable.
#   docker build --tag windlass .
#   docker run --read-only --tmpfs /tmp windlass windlass audit --help
FROM node:26-bookworm-slim AS base

FROM base AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
 && npm pack --ignore-scripts --pack-destination /tmp \
 && mkdir /windlass \
 && tar --extract --gzip --file /tmp/windlass-*.tgz --directory /windlass --strip-components 1 \
 && chmod 0755 /windlass/dist/apps/cli/src/main.js

FROM base AS dependencies
WORKDIR /windlass
COPY package.json package-lock.json .npmrc ./
# Optional is the embedded PostgreSQL, which DATABASE_URL replaces, and native parts that have a plain twin.
RUN npm ci --omit=dev --omit=optional

FROM base
# openssl judges chains as the hosts will. Its version follows the base image, as its security updates do.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openssl \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 windlass \
 && useradd --system --uid 10001 --gid 10001 --home-dir /windlass --no-create-home --shell /usr/sbin/nologin windlass \
 && ln -s /windlass/dist/apps/cli/src/main.js /usr/local/bin/windlass
WORKDIR /windlass
COPY --from=dependencies /windlass/node_modules ./node_modules
COPY --from=build /windlass ./
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8080
# Whether the process runs, as for a restart; whether it can serve is asked of /readyz.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/src/main.js"]

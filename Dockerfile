# Builds an image of the server: compiled JavaScript, production dependencies and Node.js, without npm at run time.
#
#   docker build -t scan-records .
#   docker run -p 127.0.0.1:3000:3000 scan-records

FROM node:24-slim AS build
WORKDIR /app
COPY . .
RUN npm ci

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages ./packages
# Only the packages that the server needs, in the locked versions. --ignore-scripts: nothing is built here.
RUN npm ci --omit=dev --ignore-scripts --include-workspace-root \
  --workspace packages/command-line --workspace packages/cors-policy

FROM node:24-slim
ENV NODE_ENV=production
# The address inside of the container. Publish the port on 127.0.0.1, or put authentication in front.
ENV HOST=0.0.0.0
WORKDIR /app
COPY package.json LICENSE ./
COPY sample ./sample
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/packages/command-line ./packages/command-line
COPY --from=build /app/packages/cors-policy ./packages/cors-policy
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node.js itself is process 1, so it receives the signals of `docker stop`.
ENTRYPOINT ["node", "--expose-gc", "dist/server.js"]

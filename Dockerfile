FROM node:24-slim AS build
WORKDIR /easement
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
LABEL org.opencontainers.image.title="Easement" org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /easement
COPY --from=build /easement/package.json ./
COPY --from=build /easement/node_modules node_modules
COPY --from=build /easement/dist dist
COPY LICENSE ./
RUN ln -s /easement/dist/cli/easement.js /usr/local/bin/easement \
  && chmod +x dist/cli/easement.js \
  && install --directory --owner=node --group=node --mode=0700 /var/lib/easement

USER node
# The root key lies beside the home, never in it: keep both, and back them up apart.
ENV EASEMENT_HOME=/var/lib/easement/home \
    EASEMENT_ROOT_KEY_FILE=/var/lib/easement/root-key \
    EASEMENT_HOST=0.0.0.0
VOLUME /var/lib/easement
EXPOSE 4600 4601 4602
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4600/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Others can reach these ports, so there is no demo world: name a world file of your own with EASEMENT_WORLD.
ENTRYPOINT ["easement"]
CMD ["up"]

# The image of Bitaxe Monitor: one program, the built page, and nothing to build with.
# Written for the classic builder too (Docker 20.10 without BuildKit).

# ---- the page
FROM node:22-bookworm-slim AS page
WORKDIR /build/dashboard
COPY dashboard/package.json dashboard/package-lock.json dashboard/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY api /build/api
COPY texts /build/texts
COPY dashboard ./
RUN npm run build

# ---- the programs
FROM debian:bookworm-slim AS programs
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      gcc libc6-dev meson ninja-build pkg-config python3-yaml \
      libcairo2-dev libcjson-dev libcurl4-openssl-dev libmicrohttpd-dev libpq-dev libqrencode-dev \
      libsodium-dev libsqlite3-dev libuv1-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY meson.build meson_options.txt ./
COPY api api
COPY sql sql
COPY texts texts
COPY tools tools
COPY tests/meson.build tests/meson.build
COPY chart chart
COPY sim sim
COPY src src
# DESTDIR holds just what goes into the image, /usr/local/bin/*.
RUN meson setup out --buildtype=release --strip \
 && ninja -C out bitaxe-monitor bitaxe-sim bitaxe-chart \
 && DESTDIR=/image meson install -C out --no-rebuild

# ---- what runs
FROM debian:bookworm-slim AS system
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates libcairo2 libcjson1 libcurl4 libmicrohttpd12 libpq5 libqrencode4 libsodium23 \
      libsqlite3-0 libuv1 \
 && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin bitaxe \
 && install -d -o bitaxe -g bitaxe -m 700 /data \
 && find /usr/share/doc -type f ! -name copyright -delete \
 && rm -rf /usr/share/locale/* /usr/share/man/* /usr/share/info/* /usr/share/doc-base/* \
      /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/*
COPY --from=programs /image/usr/local/bin/ /usr/local/bin/
COPY --from=page /build/dashboard/dist /usr/local/share/bitaxe-monitor/web
COPY LICENSE /usr/local/share/doc/bitaxe-monitor/LICENSE

# One layer, so that what was removed above takes no room. An update is then pulled
# whole, which is nothing lost where the image is built.
FROM scratch
COPY --from=system / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LISTEN=0.0.0.0:8000 DATA_DIR=/data
USER bitaxe
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["bitaxe-monitor", "health"]
ENTRYPOINT ["bitaxe-monitor"]
CMD ["serve"]

# Any Debian-like base with Python 3.11 or newer and pip serves; both stages must stand on the same one.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src

# What the program needs, each file checked against its hash. Behind a company mirror or a proxy that opens TLS, hand in
# its pip.conf and its certificate as the build secrets `pip` and `ca`: they leave no trace in the image.
COPY requirements.lock ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    if [ -s /run/secrets/ca.pem ]; then export PIP_CERT=/run/secrets/ca.pem; fi \
    && python3 -m venv --without-pip /opt/monitor \
    && python3 -m pip --python /opt/monitor/bin/python install --no-deps --require-hashes --only-binary :all: -r requirements.lock

# The program itself. Its build tool and what that needs come out of the developers' lock, with their hashes.
COPY requirements-dev.lock pyproject.toml README.md LICENSE ./
COPY monitor monitor
COPY rules rules
COPY seeds seeds
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    if [ -s /run/secrets/ca.pem ]; then export PIP_CERT=/run/secrets/ca.pem; fi \
    && awk '/^[a-z]/ {keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/} keep' \
        requirements-dev.lock > requirements-build.lock \
    && python3 -m venv --without-pip /opt/build \
    && python3 -m pip --python /opt/build/bin/python install --no-deps --require-hashes -r requirements-build.lock \
    && python3 -m pip --python /opt/build/bin/python wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && python3 -m pip --python /opt/monitor/bin/python install --no-deps --no-index /wheel/*.whl


FROM ${BASE}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin monitor \
    && install -d -o monitor -g monitor -m 0750 /data
COPY --from=build /opt/monitor /opt/monitor
COPY --chmod=0755 container/start.sh /usr/local/bin/start
ENV PATH=/opt/monitor/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# The pages for readers, where monitor.yaml has `web: {listen: 0.0.0.0:8080, ...}`.
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["monitor", "status", "--healthy"]
ENTRYPOINT ["start"]
CMD ["run"]

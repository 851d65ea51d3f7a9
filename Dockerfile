# The worker: built in one stage, with nothing but what it runs on in the other.

ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/provisionhub
# The locked dependencies change less often than the code: a layer of their own.
COPY requirements/runtime.txt requirements/
RUN /opt/provisionhub/bin/pip install --require-hashes --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY provisionhub provisionhub
COPY engines engines
RUN /opt/provisionhub/bin/pip install --no-deps . \
 && /opt/provisionhub/bin/pip check

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="ProvisionHub" \
      org.opencontainers.image.description="Turns a blueprint and a job into a Git repository, exactly once" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 provisionhub \
 && useradd --uid 10001 --gid provisionhub --no-log-init --home-dir /var/lib/provisionhub \
      --create-home --shell /usr/sbin/nologin provisionhub
COPY --from=build /opt/provisionhub /opt/provisionhub
COPY blueprints /catalog/blueprints
COPY snapshots /catalog/snapshots
ENV PATH=/opt/provisionhub/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BLUEPRINT_CATALOGS=/catalog \
    TEMPLATE_CACHE_DIR=/var/lib/provisionhub/catalogs \
    WORKSPACE_DIR=/var/lib/provisionhub/workspaces \
    LOCAL_REPOSITORIES_DIR=/var/lib/provisionhub/repositories \
    HEALTH_ADDRESS=0.0.0.0:8081 \
    SANDBOX=require
USER 10001:10001
WORKDIR /var/lib/provisionhub
VOLUME /var/lib/provisionhub
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-I", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8081/health', timeout=4)"]
ENTRYPOINT ["provisionhub"]
CMD ["worker"]

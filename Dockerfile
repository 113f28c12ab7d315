# Image of production (docs/deploy.md): packages by hash, no engine, no simulator, no test; runs as nobody on a read-only file system.
FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt /build/
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --only-binary :all: --requirement /build/requirements.txt

FROM python:3.13-slim AS product
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENS_ENV=production ENS_STATE_DIR=/srv/state
COPY --from=packages /venv /venv
WORKDIR /srv/portal
COPY manage.py ./
COPY ens_portal ens_portal
COPY apps apps
COPY templates templates
COPY static static
COPY locale locale
COPY deploy/entry /usr/local/bin/portal
# Static files and bytecode are made here, because nothing may be written later. The values protect nothing: no request
# is served with them, and none of them stays in the image.
RUN python -m compileall -q apps ens_portal \
    && deploy_value=0000000000000000000000000000000000000000000000000000000000000000 \
    && env SECRET_KEY=$deploy_value ENS_FILES_MASTER_KEY=$deploy_value ENS_AUDIT_KEY=$deploy_value ENS_NOTICE_CODE_KEY=$deploy_value \
        DATABASE_URL=postgresql://build@localhost/build BROKER_URL=redis://localhost/0 CACHE_URL=redis://localhost/1 \
        ENS_ALLOWED_HOSTS=localhost ENS_PORTAL_URL=https://localhost ENS_TRUSTED_PROXY_COUNT=1 \
        ENS_MAIL_HOST=localhost ENS_MAIL_FROM=build@localhost ENS_OPPOSITION_POSTAL_ADDRESS=build \
        ENS_SCANNER_GATEWAY=apps.files.gateways.scanner_absent.AbsentScanner \
        FRANCECONNECT_ORIGIN=https://localhost FRANCECONNECT_ISSUER=https://localhost/api/v2 \
        FRANCECONNECT_CLIENT_ID=build FRANCECONNECT_CLIENT_SECRET=$deploy_value \
        python manage.py collectstatic --no-input --verbosity 0 \
    && useradd --system --no-create-home --uid 10001 portal \
    && mkdir -p /srv/state/files /srv/state/imports /srv/state/audit-heads \
    && chown -R portal /srv/state/files /srv/state/imports /srv/state/audit-heads
USER 10001
VOLUME ["/srv/state/files", "/srv/state/imports", "/srv/state/audit-heads"]
EXPOSE 8000
ENTRYPOINT ["portal"]
CMD ["web"]

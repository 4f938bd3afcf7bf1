# Airflow with Attain's DAGs; one image for every service of docker-compose.yml.
FROM python:3.12-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    ATTAIN_HOME=/var/lib/attain \
    ATTAIN_COMPANY=/company

# State belongs to a user without rights elsewhere; the code stays root's, so that a task cannot change it.
RUN groupadd --gid 50000 attain \
    && useradd --uid 50000 --gid attain --home-dir /var/lib/attain --shell /usr/sbin/nologin attain \
    && install -d -o attain -g attain -m 0750 /var/lib/attain /var/lib/attain/airflow /var/lib/attain/logs \
    && install -d -o root -g root -m 0755 /company

WORKDIR /opt/attain
COPY requirements-server.lock ./
RUN python -m pip install --no-deps --require-hashes -r requirements-server.lock
COPY . .
RUN python -m pip install --no-deps --no-build-isolation -e . \
    && python -m compileall -q include dags

USER attain
ENTRYPOINT ["/opt/attain/tools/container.sh"]
CMD ["airflow", "version"]

# The wheel, in a small image, as a user without rights. Every service of docker-compose.yml runs this image.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml requirements-run.lock README.md LICENSE ./
COPY workers workers
COPY rules rules
RUN python -m venv /opt/tocsin \
 && /opt/tocsin/bin/pip install --no-cache-dir --require-hashes -r requirements-run.lock \
 && pip wheel --no-cache-dir --no-deps -w dist . \
 && /opt/tocsin/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.13-slim
RUN useradd --system --create-home --uid 10001 tocsin && install -d -o tocsin /desk /data
COPY --from=build /opt/tocsin /opt/tocsin
ENV PATH=/opt/tocsin/bin:$PATH PYTHONUNBUFFERED=1 TOCSIN_RULES=/desk TOCSIN_DATA_DIR=/data TOCSIN_LOG_FORMAT=json
USER tocsin
WORKDIR /desk
ENTRYPOINT ["tocsin"]
CMD ["run"]

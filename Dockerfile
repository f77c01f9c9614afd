# The explorer and the worker. The database is a service of its own (docker-compose.yml).
FROM python:3.12-slim
WORKDIR /app
COPY requirements-bootstrap.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-bootstrap.txt \
    && uv pip install --system --no-cache --require-hashes -r requirements.txt
COPY . .
RUN useradd --create-home reform && mkdir /data && chown reform /data
USER reform

# The portal's image: web, worker and scheduler run from it with different commands (docker-compose.yml).
FROM python:3.11-slim-bookworm

WORKDIR /srv/civic
# What changes seldom comes first, so that a new version of the code installs nothing anew.
COPY civic/runtime/bootstrap.py civic/runtime/bootstrap.py
COPY requirements.lock .
RUN python civic/runtime/bootstrap.py run && rm -rf /var/lib/apt/lists /root/.cache
COPY . .

ENV PATH=/srv/civic/.venv/bin:$PATH PYTHONUNBUFFERED=1 CIVIC_DATA_DIR=/data PORT=8000
RUN useradd --system --no-create-home civic && install --directory --owner civic /data
USER civic
VOLUME /data
EXPOSE 8000

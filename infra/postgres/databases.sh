#!/bin/bash
# A database and a user of its own for each service: no service can read another's tables.
set -euo pipefail

for service in intake placement monitor; do
  psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-postgres}" \
    -v service="$service" -v password="$SERVICES_PASSWORD" <<'SQL'
CREATE USER :"service" PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
done

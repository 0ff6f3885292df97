#!/bin/bash
# For each service a database, a role that owns it and makes its tables, and a role as which the service runs: that one
# is granted single tables by `doorstroom migrate`, may add facts, remove none and change none but for an erasure on record, and sees no other database.
# After an erasure the owner has the log of PostgreSQL written on and its old files removed (docs/erasure.md).
# Each password is in a file of the folder SECRETS: <service> and <service>-owner.
set -euo pipefail

for service in intake placement monitor; do
  psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-postgres}" \
    -v service="$service" -v owner="${service}_owner" \
    -v password="$(cat "$SECRETS/$service")" -v owner_password="$(cat "$SECRETS/$service-owner")" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"owner" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
SELECT format('GRANT pg_checkpoint TO %I', :'owner') WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint')
\gexec
\connect :"service"
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO :"owner";
SQL
done

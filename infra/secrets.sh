#!/bin/sh
# Makes what docker-compose.yml keeps secret, once: secrets.sh FOLDER. Each part is in a folder that only who needs it is
# given, so that a service knows its own passwords and nobody else's. What is there already stays as it is.
set -eu
to=$1

new() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# keep PART/FILE VALUE: a file that appears whole. Who is given the folder may read it, whatever user it runs as.
keep() {
  mkdir -p "$to/${1%/*}"
  [ -s "$to/$1" ] || { printf %s "$2" >"$to/$1.new" && chmod 444 "$to/$1.new" && mv "$to/$1.new" "$to/$1"; }
}

keep postgres/superuser "$(new)"
keep grafana/password "$(new)"
keep administration/doorstroom_feed_token "dst_$(new)"
keep administration/doorstroom_erasure_key "$(new)"
keep redis/administration "$(new)"
keep administration/doorstroom_redis_url "redis://administration:$(cat "$to/redis/administration")@redis:6379/0"
for service in intake placement monitor; do
  keep "postgres/$service" "$(new)"
  keep "postgres/$service-owner" "$(new)"
  keep "redis/$service" "$(new)"
  runs="postgresql://$service:$(cat "$to/postgres/$service")@postgres/$service"
  keep "$service/doorstroom_${service}_database_url" "$runs"
  keep "$service/doorstroom_redis_url" "redis://$service:$(cat "$to/redis/$service")@redis:6379/0"
  keep "$service/doorstroom_feed_token" "$(cat "$to/administration/doorstroom_feed_token")"
  keep "$service/doorstroom_erasure_key" "$(cat "$to/administration/doorstroom_erasure_key")"
  keep "administration/doorstroom_${service}_database_url" "$runs"
  keep "administration/doorstroom_${service}_owner_url" \
    "postgresql://${service}_owner:$(cat "$to/postgres/$service-owner")@postgres/$service"
done

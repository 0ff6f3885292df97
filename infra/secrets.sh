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

# put PART/FILE VALUE: the same for what follows from something else, which may have changed with a new version.
put() {
  if [ "$(cat "$to/$1" 2>/dev/null)" != "$2" ]; then rm -f "$to/$1" && keep "$1" "$2"; fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sealed='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

# The authority that Redis is known by. It can vouch for that name only, and nobody else is given its key.
make_authority() {
  cat >"$work/authority.cnf" <<END
[req]
distinguished_name = name
prompt = no
x509_extensions = authority
[name]
CN = Doorstroom in containers
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;DNS:redis
END
  openssl req -x509 $sealed -config "$work/authority.cnf" -days 7300 -keyout "$work/key" -out "$work/certificate"
  put authority/key "$(cat "$work/key")"
  put authority/certificate "$(cat "$work/certificate")"
}

make_certificate() {
  printf 'subjectAltName = DNS:redis\nbasicConstraints = CA:FALSE\nextendedKeyUsage = serverAuth\n' >"$work/extensions"
  openssl req -new $sealed -subj /CN=redis -keyout "$work/key" -out "$work/request"
  openssl x509 -req -in "$work/request" -CA "$to/authority/certificate" -CAkey "$to/authority/key" -set_serial "0x$(new)" \
    -days 3650 -extfile "$work/extensions" -out "$work/certificate"
  put redis/server.key "$(cat "$work/key")"
  put redis/server.crt "$(cat "$work/certificate")"
}

# pair CERTIFICATE KEY: whether both are there and belong together, also after a stop between the two, for a year at least.
pair() {
  openssl x509 -noout -checkend 31536000 -in "$1" >/dev/null 2>&1 &&
    [ "$(openssl x509 -noout -pubkey -in "$1")" = "$(openssl pkey -pubout -in "$2" 2>/dev/null)" ]
}

pair "$to/authority/certificate" "$to/authority/key" || make_authority
openssl verify -CAfile "$to/authority/certificate" "$to/redis/server.crt" >/dev/null 2>&1 &&
  pair "$to/redis/server.crt" "$to/redis/server.key" || make_certificate
for part in redis intake placement monitor administration; do
  put "$part/authority.crt" "$(cat "$to/authority/certificate")"
done
# in_redis USER: where that user finds it, over TLS. (docker-compose.yml gives each its own part as /run/secrets.)
in_redis() { echo "rediss://$1:$(cat "$to/redis/$1")@redis:6379/0?ssl_ca_certs=/run/secrets/authority.crt"; }

keep postgres/superuser "$(new)"
keep grafana/password "$(new)"
keep administration/doorstroom_feed_token "dst_$(new)"
keep administration/doorstroom_erasure_key "$(new)"
keep redis/administration "$(new)"
put administration/doorstroom_redis_url "$(in_redis administration)"
for service in intake placement monitor; do
  keep "postgres/$service" "$(new)"
  keep "postgres/$service-owner" "$(new)"
  keep "redis/$service" "$(new)"
  runs="postgresql://$service:$(cat "$to/postgres/$service")@postgres/$service"
  keep "$service/doorstroom_${service}_database_url" "$runs"
  put "$service/doorstroom_redis_url" "$(in_redis "$service")"
  keep "$service/doorstroom_feed_token" "$(cat "$to/administration/doorstroom_feed_token")"
  keep "$service/doorstroom_erasure_key" "$(cat "$to/administration/doorstroom_erasure_key")"
  keep "administration/doorstroom_${service}_database_url" "$runs"
  keep "administration/doorstroom_${service}_owner_url" \
    "postgresql://${service}_owner:$(cat "$to/postgres/$service-owner")@postgres/$service"
done

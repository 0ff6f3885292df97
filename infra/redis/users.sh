#!/bin/sh
# The users of Redis (an ACL file for 7.0 or newer): each service may do with its keys what its code does, and nothing else.
# Each password is in a file of the folder that is given, named as the service; what is written has only their hashes.
set -eu

# What any client asks, also one of a cluster or of what Sentinels watch.
common='+ping +select +role +command +cluster|slots +cluster|shards +cluster|nodes +readonly'

hash() { printf %s "$(cat "$1")" | sha256sum | cut -d ' ' -f 1; }

echo 'user default off'
echo 'user health on nopass resetkeys resetchannels -@all +ping'
for door in intake placement; do
  # Its relay adds to its own streams with a script, trims them, writes them anew for an erasure, and says how far it is.
  echo "user $door on #$(hash "$1/$door") resetkeys resetchannels -@all" \
    "$common" \
    '+eval +exists +xinfo|stream +xinfo|groups +xadd +xrange +xrevrange +xtrim' \
    '+xsetid +xgroup|create +del +rename +hvals +set' \
    "~doorstroom:facts:$door:* ~{doorstroom:facts:$door:* %R~doorstroom:checkpoints:$door:* %W~doorstroom:settled:$door"
done
# After an erasure it looks through the streams, writes them anew, and has Redis write its files anew.
echo "user administration on #$(hash "$1/administration") resetkeys resetchannels -@all" \
  "$common" \
  '+eval +exists +xinfo|stream +xinfo|groups +xadd +xrange +xrevrange' \
  '+xsetid +xgroup|create +del +rename +info +bgrewriteaof +bgsave' \
  '~doorstroom:facts:* ~{doorstroom:facts:*'
# It reads what they wrote, and says how far it has read.
echo "user monitor on #$(hash "$1/monitor") resetkeys resetchannels -@all" \
  "$common" '+xread +xrevrange +get +mget +hset' \
  '%R~doorstroom:facts:* %R~doorstroom:settled:* %W~doorstroom:checkpoints:*'

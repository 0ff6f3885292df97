// Emmett on PostgreSQL (npm), measured as tests/bench/peers/store.py measures the others; what is asked is an argument.
import { getPostgreSQLEventStore, readMessagesBatch } from "@event-driven-io/emmett-postgresql";
import { dumbo } from "@event-driven-io/dumbo";

const PERSONS_A_CLIENT = 8;
const GATE_SINGLES = 4;
const GATE_BATCH_MIN = 50;
const GATE_BATCH_MAX = 2000;
const GATE_QUIET_READS = 5;
const GATE_QUIET_MS = 100;
const PAGE = 1000;

const asked = JSON.parse(process.argv[2]);
const store = getPostgreSQLEventStore(asked.url);
const pool = dumbo({ connectionString: asked.url });
let clients = 0;

class Facts {
  constructor() {
    this.client = String(++clients).padStart(4, "0");
    this.number = 0;
  }

  take(size) {
    const person = `bench-person-${this.client}-${this.number % PERSONS_A_CLIENT}`;
    const events = [];
    while (events.length < size) {
      const id = `${this.client}-${String(++this.number).padStart(9, "0")}`;
      events.push({
        type: "placement-started",
        data: {
          specversion: "1.0", id, source: "urn:nld:kvknr:12345678:systeem:bench",
          type: "nl.doorstroom.placement-started.v1", subject: person, time: "2026-03-02T14:30:00+01:00",
          data: {
            placement: `P-${id}`, accommodation: "schakenbosch", started_on: "2026-03-02", regime: "jw6",
            closure: "gesloten", route: "crisis", region: "JZ24", machtiging: `M-${id}`,
          },
        },
      });
    }
    return [person, events];
  }
}

const append = (facts, size) => store.appendToStream(...facts.take(size));

const perSecond = async ([count, size]) => {
  const own = Array.from({ length: count }, () => new Facts());
  await Promise.all(own.map((facts) => append(facts, size)));
  const began = performance.now();
  let done = 0;
  await Promise.all(
    own.map(async (facts) => {
      while (performance.now() < began + asked.seconds * 1000) {
        await append(facts, size);
        done += size;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
};

const gate = async () => {
  const until = performance.now() + asked.seconds * 1000;
  const own = Array.from({ length: GATE_SINGLES + 1 }, () => new Facts());
  const names = new Set(own.map((facts) => facts.client));
  let written = 0;
  let writing = true;
  const writers = Promise.all(
    own.map(async (facts, number) => {
      while (performance.now() < until) {
        const size = number ? 1 : GATE_BATCH_MIN + Math.floor(Math.random() * (GATE_BATCH_MAX - GATE_BATCH_MIN));
        await append(facts, size);
        written += size;
      }
    }),
  ).finally(() => (writing = false));
  const seen = new Set();
  let after = 0n;
  let quiet = 0;
  while (writing || quiet < GATE_QUIET_READS) {
    const wasWriting = writing;
    const { messages, currentGlobalPosition } = await readMessagesBatch(pool.execute, { after, batchSize: PAGE });
    for (const message of messages) seen.add(message.data.id);
    if (messages.length) after = currentGlobalPosition;
    else if (!wasWriting) {
      quiet += 1;
      await new Promise((resolve) => setTimeout(resolve, GATE_QUIET_MS));
    }
  }
  await writers;
  const met = [...seen].filter((id) => names.has(id.split("-")[0])).length;
  return { written, missed: written - met };
};

await store.schema.migrate();
const found = {};
for (const [name, load] of Object.entries(asked.loads)) found[name] = await perSecond(load);
Object.assign(found, await gate());
console.log(JSON.stringify(found));
await store.close();
await pool.close();

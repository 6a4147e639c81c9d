// Reads a JSON Schema in draft 7 on stdin and a list of documents with it, and compiles it as SchemaStore does: in Ajv's
// strict mode, which refuses words that it does not know. Writes for each document whether it is valid.
import { createRequire } from "node:module";

const require = createRequire(new URL("node_modules/yaml-language-server/package.json", import.meta.url));
const { default: Ajv } = require("ajv");

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { schema, documents } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const ajv = new Ajv({ strict: true, allErrors: true });
// Those of ajv-formats that the schemas name; SchemaStore adds that package.
for (const name of ["date-time", "regex"]) ajv.addFormat(name, true);
const validate = ajv.compile(schema);
process.stdout.write(JSON.stringify(documents.map((document) => validate(document))));

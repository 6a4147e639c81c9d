// Reads a JSON list of Mermaid texts on stdin; writes for each null, or what Mermaid's own parser says against it,
// and what it found: the labels of nodes and of subgraphs, and the number of edges. One process for all: the start of
// Mermaid takes a second.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const text of JSON.parse(Buffer.concat(chunks).toString("utf8"))) {
  try {
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const { nodes, edges } = diagram.db.getData();
    answers.push({
      error: null,
      type: diagram.type,
      nodes: nodes.filter((node) => !node.isGroup).map((node) => node.label),
      groups: nodes.filter((node) => node.isGroup).map((node) => node.label),
      edges: edges.length,
      links: nodes.filter((node) => node.link || node.haveCallback).length,
    });
  } catch (error) {
    answers.push({ error: String(error.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(answers));

// node figures.mjs INVESTIGATIONS: the README's figures of the scripted agents are those of this run. They are of made-up traffic with
// fixed seeds and of captures beside the checkout; without the captures they are others, and nothing is compared.
import { existsSync, readFileSync } from "node:fs";

const told = readFileSync("README.md", "utf8").replace(/\s+/g, " ");
const rows = new Map(readFileSync(process.argv[2], "utf8").split("\n").filter(line => /^\| (analyst|follower|literal)/.test(line)).map(line => {
  const [agent, solved, calls, tokens, wrong] = line.split("|").slice(1).map(cell => cell.trim());
  return [agent, { solved: Number(/^\d+/.exec(solved)[0]), calls, tokens: Number(tokens.replaceAll(",", "")), wrong }];
}));
if (!existsSync("../shared/data")) {
  console.log("  no captures beside the checkout: the README's figures are not compared");
  process.exit(0);
}

const thousands = number => Math.round(number).toLocaleString("en-US");
const { analyst, follower, literal } = Object.fromEntries(rows);
const order = rows.get("follower in order"), other = name => rows.get(`${name}, other words`).solved;
const sentences = [
  `a fixed playbook solves ${analyst.solved} in one call each (median ${thousands(analyst.tokens)} tokens)`,
  `${follower.solved} within six calls (median ${follower.calls} calls, ${thousands(follower.tokens)} tokens)`,
  `${order.solved} in the order they are printed`,
  `the right tool in ${literal.solved} of 120 paraphrases`,
  `In other words of other traffic it is ${other("analyst")}, ${other("follower")} and ${other("follower in order")}`,
];
const missing = sentences.filter(sentence => !told.includes(sentence));
for (const sentence of missing) console.error(`the README should say: ${sentence}`);
if (missing.length > 0) process.exit(1);
console.log(`  ok: ${sentences.length} sentences of the README have the figures of this run`);

// node inspector-app.mjs MCP_URL FOLDER: the chart view in a host that is not ours, the web page of the MCP Inspector. It opens an answer
// as an app, draws the figures of the text, and a click asks on through the Inspector; nothing goes to the network.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [url, folder] = process.argv.slice(2);
const { chromium } = createRequire(resolve("artifacts/node/node_modules/"))("playwright-core");
const launcher = resolve("artifacts/node/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
const freePort = () => new Promise(done => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => done(port)); });
});
const [port, sandbox] = [await freePort(), await freePort()];
const token = randomBytes(24).toString("hex"), home = mkdtempSync(join(tmpdir(), "inspector-"));
const inspector = spawn(process.execPath, [launcher, "--web"], { stdio: ["ignore", "pipe", "pipe"], env: {
  ...process.env, HOME: home, HOST: "127.0.0.1", CLIENT_PORT: `${port}`, MCP_SANDBOX_PORT: `${sandbox}`, MCP_AUTO_OPEN_ENABLED: "false", MCP_INSPECTOR_API_TOKEN: token } });
let said = "";
inspector.stdout.on("data", part => { said += part; });
inspector.stderr.on("data", part => { said += part; });
process.on("exit", () => { inspector.kill(); rmSync(home, { recursive: true, force: true }); });

const origin = `http://127.0.0.1:${port}`;
for (let tries = 0; ; tries++) {
  if (await fetch(origin).then(answer => answer.ok, () => false)) break;
  if (tries === 150 || inspector.exitCode !== null) throw new Error(`the Inspector does not start: ${said}`);
  await new Promise(done => setTimeout(done, 200));
}

const args = { last: "24h", limit: 10 }, tool = "summarize_external_traffic";
const packed = Buffer.from(JSON.stringify(args)).toString("base64url");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1400, height: 1100 } });
const wrong = [], ours = [];
// The Inspector's own page asks for a font, which it does not get; of the view's frames not even a question is allowed.
const isHere = address => /^(http:\/\/(127\.0\.0\.1|localhost):|data:|blob:|about:)/.test(address);
await page.route(address => !isHere(address.href), route => route.abort());
page.on("request", request => { if (!isHere(request.url()) && request.frame() !== page.mainFrame()) wrong.push(`request: ${request.url()}`); });
page.on("console", told => { if (told.type() === "error" && /Content Security Policy|ui:\/\/|chart/i.test(told.text())) ours.push(told.text()); });
page.on("pageerror", fault => ours.push(`fault: ${fault.message}`));
try {
  await page.goto(`${origin}/?serverUrl=${encodeURIComponent(url)}&transport=http&autoConnect=${token}&openApp=${tool}&appArgs=${packed}`);
  await page.waitForSelector('[data-testid="connection-status"][data-status="connected"]', { timeout: 60000 });
  await page.click('[data-testid="open-app"]');

  // The view is framed twice: by the sandbox's page, and in it by the view itself.
  let view;
  for (let tries = 0; !view && tries < 300; tries++) {
    for (const frame of page.frames()) if (await frame.locator("main#pictures svg").count().catch(() => 0)) view = frame;
    await page.waitForTimeout(100);
  }
  assert.ok(view, "the Inspector shows no picture");
  const lines = await view.locator("main details li").allTextContents();
  assert.ok(lines.length > 0 && lines.some(line => /: \d+ bytes$/.test(line)), "the picture has no figures");
  await page.screenshot({ path: `${folder}/inspector.png` });
  console.log(`  ok: the Inspector draws ${tool}: ${lines[0]}`);

  await view.locator(".ask").first().click();
  await view.locator("#title", { hasText: "aggregate_traffic" }).waitFor({ timeout: 30000 });
  console.log("  ok: a click asks on through the Inspector");
  assert.deepEqual([...wrong, ...ours], []);
  console.log("  ok: the view asks nothing of the network, and nothing complains of it");
} catch (fault) {
  await page.screenshot({ path: `${folder}/inspector-fault.png` });
  throw fault;
} finally {
  await browser.close();
}
process.exit(0);

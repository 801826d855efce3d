// node pictures.mjs MCP_URL FOLDER: opens the chart view as a host of MCP Apps does, in Chromium, and holds it to its promises: it draws,
// asks on by click and key, says what it shows, needs nothing from the network, and has the figures of the text to the last digit.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [url, folder] = process.argv.slice(2);
const { chromium } = createRequire(resolve("artifacts/node/node_modules/"))("playwright-core");
const ui = "io.modelcontextprotocol/ui", form = "text/html;profile=mcp-app";
const calls = [], messages = [];

let id = 0;
async function rpc(method, params = {}, extensions = { [ui]: { mimeTypes: [form] } }) {
  const meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": { name: "host", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { extensions } };
  const name = params.name ?? params.uri;
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params: { ...params, _meta: meta } }), headers: {
    "Content-Type": "application/json", Accept: "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method,
    ...(name ? { "Mcp-Name": name } : {}) } });
  const text = await response.text(), answer = JSON.parse(text.startsWith("{") ? text : text.split("\n").filter(line => line.startsWith("data: ")).at(-1).slice(6));
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result;
}

// The host: a page that frames the view in a sandbox and stands between it and the server. Its policy for the view is the specification's default.
const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";
const host = `<!doctype html><meta charset="utf-8"><title>host</title><style>body{margin:0}iframe{border:0;width:100%;height:1500px}</style>
<iframe id="view" sandbox="allow-scripts"></iframe><script>
const view = document.getElementById("view");
onmessage = async event => {
  const m = event.data;
  if (event.source !== view.contentWindow || !m.method) return;
  const say = message => view.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
  if (m.method === "ui/notifications/initialized") {
    say({ method: "ui/notifications/tool-input", params: { arguments: window.question.arguments } });
    say({ method: "ui/notifications/tool-result", params: window.answer });
  } else if (m.id !== undefined) say({ id: m.id, ...await window.answered(m.method, m.params) });
};
window.show = (question, answer, theme) => { Object.assign(window, { question, answer }); view.src = "/view?" + theme; };
</script>`;
const page_ = (await rpc("resources/read", { uri: "ui://dtmcp/chart.html" })).contents[0];
assert.equal(page_.mimeType, form);
assert.ok(!/https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(page_.text), "the page names an address");
const server = createServer((request, response) => {
  const isView = request.url.startsWith("/view");
  response.writeHead(request.url === "/favicon.ico" ? 204 : 200, { "Content-Type": "text/html; charset=utf-8", ...(isView ? { "Content-Security-Policy": policy } : {}) });
  response.end(request.url === "/favicon.ico" ? "" : isView ? page_.text : host);
}).listen(0, "127.0.0.1");
await new Promise(ready => server.once("listening", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

// What a client that shows pictures is told of, and one that does not is not.
const tools = (await rpc("tools/list")).tools, plain = (await rpc("tools/list", {}, {})).tools;
assert.deepEqual(tools.find(tool => tool.name === "draw_answer")._meta.ui.visibility, ["app"]);
assert.equal(tools.find(tool => tool.name === "analyze_bandwidth")._meta.ui.resourceUri, "ui://dtmcp/chart.html");
assert.ok(!plain.some(tool => tool.name === "draw_answer" || tool._meta), "a client without pictures is told of them");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 780, height: 1000 } });
const wrong = [];
page.on("console", said => { if (["error", "warning"].includes(said.type())) wrong.push(`console: ${said.text()}`); });
page.on("pageerror", fault => wrong.push(`fault: ${fault.message}`));
page.on("request", request => { if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) wrong.push(`request: ${request.url()}`); });
let theme = "light", current = "";
await page.exposeFunction("answered", async (method, params) => {
  if (method === "ui/initialize") {
    return { result: { protocolVersion: "2026-01-26", hostInfo: { name: "host", version: "1" }, hostCapabilities: { serverTools: {}, message: {} },
      hostContext: { theme, toolInfo: { tool: tools.find(tool => tool.name === current) } } } };
  }
  if (method === "tools/call") {
    const target = tools.find(tool => tool.name === params.name);
    if (!(target._meta?.ui?.visibility ?? ["model", "app"]).includes("app")) return { error: { code: -32000, message: "not for views" } };
    calls.push(params);
    return { result: await rpc("tools/call", params) };
  }
  if (method === "ui/message") { messages.push(params); return { result: {} }; }
  return { error: { code: -32601, message: method } };
});
await page.goto(`${origin}/host`);
const view = page.frameLocator("#view");

async function show(tool, given) {
  const answer = await rpc("tools/call", { name: tool, arguments: given });
  assert.ok(!answer.isError, answer.content[0].text);
  current = tool;
  await page.evaluate(([question, told, look]) => window.show(question, told, look), [{ tool, arguments: given }, answer, `${theme}${++id}`]);
  await view.locator("main svg").first().waitFor();
  return answer;
}
const drawn = () => view.locator("main details li").allTextContents();
const title = () => view.locator("#title").textContent();
const json = async (tool, given) => (await rpc("tools/call", { name: tool, arguments: { ...given, format: "json", detail: "full" } })).structuredContent;
const ok = text => console.log(`  ok: ${text}`);

// The window is fixed, so that every question is of the same records.
const { scope } = await json("summarize_network_traffic", { last: "24h" });
const when = { from: scope.from, to: scope.to };

await show("analyze_bandwidth", when);
const hours = (await json("analyze_bandwidth", when)).tables.hours.rows;
const figures = await drawn();
for (const row of hours) assert.ok(figures.includes(`${row.hour}: ${row.bytes_in} bytes_in, ${row.bytes_out} bytes_out`), `${row.hour} differs`);
ok(`hours: ${hours.length} bars, the figures of the text`);

const text = (await show("summarize_external_traffic", when)).content[0].text;
const far = (await json("summarize_external_traffic", when)).tables.destinations.rows[0];
assert.ok((await drawn()).includes(`${far.hostname}: ${far.bytes} bytes`), `${far.hostname} differs from ${(await drawn())[0]}`);
assert.ok(text.includes(String(far.bytes)), "the text has another figure");
await page.setViewportSize({ width: 780, height: 640 });
await page.screenshot({ path: `${folder}/view.png` });
await page.setViewportSize({ width: 780, height: 1000 });
const bar = view.locator(".ask", { hasText: far.hostname }).first();
await bar.click();
await view.locator("#title", { hasText: "aggregate_traffic" }).waitFor();
assert.deepEqual(calls.at(-1).arguments, { tool: "aggregate_traffic", arguments: { by: "device,port", peer: far.ip, ...when } });
const groups = (await json("aggregate_traffic", calls.at(-1).arguments.arguments)).tables.groups.rows;
assert.ok((await drawn()).some(line => line.endsWith(`: ${groups[0].bytes} bytes`)), "the closer picture differs from its text");
ok(`a click on ${far.hostname} asks who talked to it`);
await view.locator("#tell").click();
await page.waitForFunction(() => true);
for (let tries = 0; messages.length === 0 && tries < 50; tries++) await page.waitForTimeout(20);
assert.match(messages[0].content[0].text, /aggregate_traffic .*peer=/);
ok("and a button hands the question to the assistant");

await view.locator(".ask").first().focus();
await page.keyboard.press("Enter");
await view.locator("#title", { hasText: "analyze_device_activity" }).waitFor();
assert.equal(await view.locator("main svg").first().getAttribute("role"), "group");
assert.match(await view.locator(".ask").first().getAttribute("aria-label"), /\d/);
await view.locator("#back").focus();
await page.keyboard.press("Space");
await view.locator("#title", { hasText: "aggregate_traffic" }).waitFor();
ok("keys alone go on and back");

theme = "dark";
await show("hunt_traffic", when);
await view.locator(".ask").first().click();
await view.locator("#title", { hasText: "get_network_traffic" }).waitFor();
assert.match((await drawn())[0], /connections$/);
await page.screenshot({ path: `${folder}/view-dark.png` });
assert.equal(await page.frames()[1].evaluate(() => document.documentElement.dataset.theme), "dark");
ok("a beacon's starts, a line a day, in the dark");

const device = (await json("find_devices", { query: "sal-ws-02" })).tables.devices.rows[0].did;
await show("analyze_device_activity", { ...when, did: device });
await page.setViewportSize({ width: 780, height: 640 });
await page.screenshot({ path: `${folder}/view-map.png` });
assert.equal(await view.locator("summary").first().textContent(), "map in figures");
// Whatever it sent most to: a gigabyte in some hours of the day, less in others.
await view.locator(".ask text", { hasText: /[KMG]B/ }).first().click();
await view.locator("#title", { hasText: "get_network_traffic" }).waitFor();
ok("the map of a device");

assert.deepEqual(wrong, []);
ok(`nothing on the console, no request but the page, ${calls.length} pictures drawn`);
await browser.close();
server.close();

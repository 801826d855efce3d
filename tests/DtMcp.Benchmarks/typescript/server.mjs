// The smallest server of the TypeScript SDK that gives the same answer from memory: no appliance, no work.
// node server.mjs stdio | http TEXT_FILE sse|json. Over HTTP it is stateless, as the SDK's own example: a server and a transport a request.
import { readFileSync } from "node:fs";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

const [how, file, form] = process.argv.slice(2);
const text = file ? readFileSync(file, "utf8") : "";

const create = () => {
  const server = new McpServer({ name: "rival", version: "1.0.0" });
  server.registerTool(
    "summarize_external_traffic",
    {
      title: "Summarize external traffic",
      description: "Destinations and sources of external traffic, suspicious ports.",
      inputSchema: { starttime: z.number().optional(), endtime: z.number().optional(), limit: z.number().int().optional() },
    },
    async () => ({ content: [{ type: "text", text }] }));
  return server;
};

if (how === "stdio") {
  const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
  await create().connect(new StdioServerTransport());
} else {
  const { default: express } = await import("express");
  const { StreamableHTTPServerTransport } = await import("@modelcontextprotocol/sdk/server/streamableHttp.js");
  const app = express();
  app.use(express.json());
  app.post("/mcp", async (request, response) => {
    const server = create();
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: form === "json" });
    response.on("close", () => { transport.close(); server.close(); });
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  });
  const listener = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${listener.address().port}/mcp`));
  process.stdin.on("end", () => process.exit(0)).resume();
}

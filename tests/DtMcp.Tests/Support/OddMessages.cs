using System.Text;

namespace DtMcp.Tests.Support;

/// <summary>What a client may send by mistake or ill will: known traps, and mutations of messages that are right.</summary>
internal static class OddMessages
{
    private const string Deep = "{\"jsonrpc\":\"2.0\",\"id\":\"deep\",\"method\":\"tools/list\",\"params\":{\"a\":";

    /// <summary>One message each, with the code of the answer it must get; 0 for none.</summary>
    public static IReadOnlyList<(byte[] Line, int Code)> Known { get; } =
    [
        .. new[]
        {
            "1.5",
            "{}",
            "true",
            "null",
            "1e400",
            "12345678901234567890",
            "[]",
            "\"\"",
            "-1",
            "\"nobody\"",
        }.Select(id => Of(Cancelled(id), 0)),
        Of(Cancelled("\"\\ud800\""), -32600),
        Of("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"requestId":2}}""", -32600),
        Of("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]}""", 0),
        Of("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":"1"}""", 0),
        Of("""{"jsonrpc":"2.0","method":"notifications/cancelled"}""", 0),
        Of("""{"jsonrpc":"2.0","method":"notifications/initialized","params":"text"}""", 0),
        Of("""{"jsonrpc":"2.0","method":"notifications/nothing","params":[]}""", 0),
        .. new[] { "initialize", "tools/list", "tools/call", "prompts/get", "resources/read" }
            .SelectMany(method =>
                new[]
                {
                    "[]",
                    "\"text\"",
                    "17",
                    "true",
                }.Select(given => Of($$"""{"jsonrpc":"2.0","id":"odd","method":"{{method}}","params":{{given}}}""", -32602))),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":5}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"find_devices","arguments":[]}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"find_devices","arguments":{},"_meta":5}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"find_devices","_meta":{"progressToken":{}}}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/clientInfo":5}}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/clientCapabilities":"x"}}}""",
            -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"find_devices","name":"find_devices"}}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"find_devices","arguments":{"text":"\ud800"}}}""", -32600),
        Of("""{"\ud800":1,"jsonrpc":"2.0","id":"odd","method":"ping"}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"\udc00":{}}}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"prompts/get","params":{"name":{}}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"resources/read","params":{"uri":null}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"resources/read","params":{"uri":["\u202e"]}}""", -32602),
        .. new[]
        {
            "",
            ""","params":null""",
            ""","params":{}""",
            ""","params":{"protocolVersion":5}""",
            ""","params":{"protocolVersion":"2025-11-25","capabilities":{}}""",
            ""","params":{"protocolVersion":"2025-11-25","capabilities":5,"clientInfo":{"name":"a","version":"1"}}""",
            ""","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":[]}""",
        }.Select(given => Of("""{"jsonrpc":"2.0","id":"odd","method":"initialize" """ + given + "}", -32602)),
        .. new[] { "tools/list", "prompts/list", "resources/list" }.Select(method =>
            Of($$"""{"jsonrpc":"2.0","id":"odd","params":{"cursor":5},"method":"{{method}}"}""", -32602)),
        .. new[] { "ping", "resources/templates/list", "server/discover", "logging/setLevel", "completion/complete" }.Select(method =>
            Of($$"""{"jsonrpc":"2.0","id":"odd","method":"{{method}}","params":[]}""", -32602)),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"prompts/get","params":{"name":"review_day","arguments":[]}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"no/such"}""", -32601),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"completion/complete","params":{"ref":5}}""", -32602),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"completion/complete","params":{"ref":null,"argument":null}}""", -32602),
        Of("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{},"progress":"x"}}""", 0),
        Of("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed","params":7}""", 0),
        Of("""{"jsonrpc":"2.0","id":"nobody asked","result":{}}""", 0),
        Of("""{"jsonrpc":"2.0","id":"nobody asked","error":{"code":-1,"message":"no"}}""", 0),
        Of("""{"jsonrpc":"2.0","id":"odd","result":{},"error":{"code":1,"message":"both"}}""", 0),
        Of("""{"jsonrpc":"2.0","result":{}}""", -32600),
        Of("""{"jsonrpc":"2.0","id":{},"result":{}}""", -32600),
        Of("""{"jsonrpc":"2.0","id":null,"result":{}}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","error":5}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","error":{"code":"x","message":"no number"}}""", -32600),
        .. new[] { "\"\\ud800\"", "null", "1.5", "1e400", "true", "{}", "[]", "12345678901234567890" }
            .Select(id => Of($$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/list"}""", -32600)),
        ([.. "{\"jsonrpc\":\"2.0\",\"id\":\""u8, 0xFF, .. "\",\"method\":\"tools/list\"}"u8], -32700),
        ([.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""u8, 0xC3, 0x28, .. "\"}"u8], -32700),
        Of("[]", -32600),
        Of("""[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]""", -32600),
        Of("{}", -32600),
        Of("null", -32600),
        Of("17", -32600),
        Of("\"text\"", -32600),
        Of("oops", -32700),
        Of("{", -32700),
        Of("\0", -32700),
        Of("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}}""", -32700),
        Of("""{"jsonrpc":"1.0","id":"odd","method":"tools/list"}""", -32600),
        Of("""{"jsonrpc":2,"id":"odd","method":"tools/list"}""", -32600),
        Of("""{"id":"odd","method":"tools/list"}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","method":7}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd","method":"\ud800"}""", -32600),
        Of("""{"jsonrpc":"2.0","id":"odd"}""", -32600),
        Of(Deep + new string('[', 100) + new string(']', 100) + "}}", -32600),
        Of(Deep + new string('[', 100_000) + new string(']', 100_000) + "}}", -32600),
    ];

    private static readonly string[] Right =
    [
        """{"jsonrpc":"2.0","id":7,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":"r","method":"ping","params":{"_meta":{"progressToken":"p"}}}""",
        """{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"find_devices","arguments":{"lmit":"x"}}}""",
        """{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"no_tool","arguments":{"query":"a"},"_meta":"""
        + """{"progressToken":3}}}""",
        """{"jsonrpc":"2.0","id":10,"method":"prompts/get","params":{"name":"review_day","arguments":{"last":"24h"}}}""",
        """{"jsonrpc":"2.0","id":11,"method":"resources/read","params":{"uri":"dtmcp://guide/answer"}}""",
        """{"jsonrpc":"2.0","id":12,"method":"resources/templates/list"}""",
        """{"jsonrpc":"2.0","id":13,"method":"logging/setLevel","params":{"level":"info"}}""",
        """{"jsonrpc":"2.0","id":14,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"x"},"argument":"""
        + """{"name":"a","value":"b"}}}""",
        """{"jsonrpc":"2.0","id":15,"method":"server/discover","params":{"_meta":"""
        + """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":"""
        + """{"name":"a","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""",
        """{"jsonrpc":"2.0","id":16,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":"""
        + """{"listChanged":true}},"clientInfo":{"name":"test","version":"1"}}}""",
        """{"jsonrpc":"2.0","id":17,"result":{}}""",
        """{"jsonrpc":"2.0","id":18,"error":{"code":-32601,"message":"no"}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9,"reason":"over"}}""",
        """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":0.5}}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
    ];

    private static readonly string[] Pieces =
    [
        "null", "true", "1.5", "-1", "1e400", "12345678901234567890", "{}", "[]", "[[[[", "\"\"", "\"\\ud800\"", "\"\\u0000\"",
        "\"\\u202e\"", "\"", "\\", ",", ":", "{", "}", "]", "[", " ",
        "\"id\":1,", "\"params\":[],", "\"method\":\"ping\",", "\"_meta\":{},", "\"_meta\":[],", "\"name\":1,", "\"requestId\":{},",
        "\"jsonrpc\":\"2.0\",", "\u009b", "\u2028", "\ufeff", "/*", "NaN",
    ];

    /// <summary>Lines without an end, the same for a seed.</summary>
    public static IEnumerable<byte[]> Mutated(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            if (random.Next(5) == 0)
            {
                yield return Known[random.Next(Known.Count - 1)].Line;
                continue;
            }

            var line = Encoding.UTF8.GetBytes(Right[random.Next(Right.Length)]).ToList();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                Change(line, random);
            }

            line.RemoveAll(value => value is (byte)'\n');
            yield return [.. line];
        }
    }

    private static void Change(List<byte> line, Random random)
    {
        var at = random.Next(line.Count + 1);
        var length = Math.Min(random.Next(1, 12), line.Count - at);
        switch (random.Next(6))
        {
            case 0:
                line.RemoveRange(at, length);
                break;
            case 1:
                line.InsertRange(at, line.GetRange(at, length));
                break;
            case 2:
                line.Insert(at, (byte)random.Next(256));
                break;
            case 3:
                line.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                break;
            case 4:
                ReplaceValue(line, random);
                break;
            default:
                line.RemoveRange(at, line.Count - at);
                break;
        }
    }

    // What stands between a colon and the next comma or brace becomes something else: still JSON, mostly.
    private static void ReplaceValue(List<byte> line, Random random)
    {
        var colons = Enumerable.Range(0, line.Count).Where(index => line[index] == ':').ToArray();
        if (colons.Length == 0)
        {
            return;
        }

        var start = colons[random.Next(colons.Length)] + 1;
        var end = line.FindIndex(start, value => value is (byte)',' or (byte)'}');
        line.RemoveRange(start, (end < 0 ? line.Count : end) - start);
        line.InsertRange(start, Encoding.UTF8.GetBytes(Pieces[random.Next(12)]));
    }

    private static string Cancelled(string id) =>
        $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""";

    private static (byte[], int) Of(string line, int code) => (Encoding.UTF8.GetBytes(line), code);
}

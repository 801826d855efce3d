using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DtMcp.Benchmarks.Serving;

/// <summary>
/// <c>calls PROGRAM SERVER.mjs ROUNDS</c>: the same question over and over on 16 connections, in turns: <c>dtmcp serve --demo</c>, which
/// analyses a capture it has anew for each call, and servers of the TypeScript SDK that give its text from memory.
/// </summary>
internal static partial class CallsTable
{
    private const int Connections = 16;
    private const string Question =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"summarize_external_traffic","arguments":"""
        + """{"starttime":1768381200000,"endtime":1768467540000}}}""";

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    public static void Run(string program, string script, int rounds)
    {
        var own = Served.Start("DtMcp", program, "serve", "--demo", "--now", "2026-01-15T09:00:00Z", "--urls", "http://127.0.0.1:0")
            ?? throw new InvalidOperationException($"{program} did not start.");
        var answer = Path.GetTempFileName();
        List<Served?> servers = [own];
        try
        {
            var text = Text(own.Ask(Question));
            File.WriteAllText(answer, text);
            var expected = Encoding.UTF8.GetBytes(Totals().Match(text) is { Success: true } totals
                ? totals.Value
                : throw new InvalidOperationException($"No totals: {text}"));
            if (File.Exists(script))
            {
                servers.Add(Served.Start("TypeScript SDK with Express, JSON answers", "node", script, "http", answer, "json"));
                servers.Add(Served.Start("TypeScript SDK with Express, SSE answers", "node", script, "http", answer, "sse"));
            }

            var here = servers.OfType<Served>().ToList();
            for (var round = 0; round <= rounds; round++)
            {
                Figures.Progress($"calls, round {round} of {rounds}");
                here.ForEach(server => server.Round(Question, expected, Connections, Length, counts: round > 0));
            }

            Report(here, rounds, text.Length);
        }
        finally
        {
            servers.ForEach(server => server?.Dispose());
            File.Delete(answer);
        }
    }

    private static void Report(List<Served> servers, int rounds, int characters)
    {
        Console.WriteLine(
            $"{Connections} connections, {rounds} interleaved rounds of {Length.TotalSeconds:f0} s after one that is not counted, an " +
            $"answer of {characters} characters\n");
        Figures.Head("server", "calls a second", "p50 ms", "p99 ms", "microseconds of processor a call", "MiB after", "peak MiB");
        foreach (var s in servers)
        {
            Figures.Row(s.Name, s.CallsASecond, s.P50, s.P99, s.Processor, s.RestMiB, s.PeakMiB);
        }

        if (servers.Count == 1)
        {
            Figures.Row("TypeScript SDK with Express", "not here", "", "", "", "", "");
            return;
        }

        var ratio = servers[0].CallsASecond / servers.Skip(1).Max(server => server.CallsASecond);
        Figures.Target("at least 5 times the faster of the TypeScript SDK's", ratio.ToString("f1", CultureInfo.InvariantCulture),
            ratio >= 5);
    }

    /// <summary>The text of a call's answer, from JSON or from the one event of a stream.</summary>
    private static string Text(string answer)
    {
        var from = answer.IndexOf("{\"", StringComparison.Ordinal);
        var to = answer.LastIndexOf('}');
        using var json = JsonDocument.Parse(answer[from..(to + 1)]);
        return json.RootElement.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    [GeneratedRegex(@"totals: connections [1-9]\d+, bytes \d+")]
    private static partial Regex Totals();
}

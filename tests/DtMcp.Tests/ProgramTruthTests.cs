using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Simulator;
using DtMcp.Tests.Support;

namespace DtMcp.Tests;

/// <summary>The same through the published program's command line: one process a question, as CI runs it.</summary>
public sealed class ProgramTruthTests : TruthTests
{
    internal override Task<IAnswers> StartAsync(string name, string dialect)
    {
        Assert.SkipWhen(Published.Path is null,
            "DTMCP_TESTED_PROGRAM names no published program; .ci/run runs this against the one it publishes");
        return Task.FromResult<IAnswers>(new Answers(TruthFiles.Log(name), dialect.ToLowerInvariant()));
    }

    private sealed class Answers(string records, string dialect) : IAnswers
    {
        public async Task<JsonElement> AskAsync(string tool, NetworkQuery? filters, TimeWindow? window, AddressRange? subnet, int limit)
        {
            List<string> args = ["call", tool, "--format", "json", "--no-budget", "--demo", "--records", records, "--dialect", dialect];
            Add("ip", filters?.Ip?.ToString());
            Add("intext", filters?.IntExt?.Word());
            Add("protocol", filters?.Protocol);
            Add("applicationprotocol", filters?.ApplicationProtocol);
            Add("port", Text(filters?.Port));
            Add("sourceport", Text(filters?.SourcePort));
            Add("destinationport", Text(filters?.DestinationPort));
            Add("subnet", subnet?.ToString());
            Add("starttime", Text(window?.StartMs));
            Add("endtime", Text(window?.EndMs));
            Add("limit", Text(limit));

            var (code, output, error) = await Published.RunAsync(Published.Start(args));

            Assert.True(code == 0, error);
            return JsonElement.Parse(output);

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    args.Add($"{name}={value}");
                }
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
    }
}

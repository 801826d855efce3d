using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Benchmarks.Reading;

/// <summary>One contender in its own process: for each line on standard input it reads the file once and says seconds, rows and the sum of bytes.</summary>
internal static class Worker
{
    public static async Task RunAsync(string how, string path)
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
            var watch = Stopwatch.StartNew();
            var (rows, bytes) = how == "serializer" ? Deserialize(path) : await ReadAsync(path, how == "reference");
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds} {rows} {bytes}"));
            await Console.Out.FlushAsync();
        }
    }

    private static async Task<(long Rows, long Bytes)> ReadAsync(string path, bool general)
    {
        var tables = new Tables();
        var flows = new FlowSet(0, tables);
        await using var body = new FileBody(path);
        await (general ? NetworkReader.ReadGenerallyAsync(body, flows, CancellationToken.None) : NetworkReader.ReadAsync(body, flows, null, CancellationToken.None));
        return (tables.Rows, tables.Bytes);
    }

    private static (long Rows, long Bytes) Deserialize(string path)
    {
        using var body = File.OpenRead(path);
        var answer = JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web)!;
        var (protocols, ports, applications) = (new Dictionary<string, long>(), new Dictionary<int, long>(), new Dictionary<string, long>());
        var (destinations, sources) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        long bytes = 0;
        foreach (var row in answer.Traffic)
        {
            bytes += row.Bytes;
            Add(protocols, row.Protocol, 1);
            Add(ports, row.DestinationPort, 1);
            Add(applications, row.ApplicationProtocol, row.Bytes);
            if (row.Direction == "external")
            {
                Add(destinations, row.DestinationDevice.Ip, row.Bytes);
                Add(sources, row.SourceDevice.Ip, 1);
            }
        }

        return (answer.Traffic.Count, bytes);
    }

    private static void Add<T>(Dictionary<T, long> to, T key, long value)
        where T : notnull => to[key] = to.GetValueOrDefault(key) + value;

    private sealed record Answer(List<Row> Traffic);

    private sealed record Device(long Did, string Ip, string? Hostname, string? DeviceLabel);

    private sealed record Row(
        Device SourceDevice, Device DestinationDevice, string Protocol, int SourcePort, int DestinationPort, string ApplicationProtocol, long Bytes, long Packets, double Duration,
        long StartTime, long EndTime, string Direction, List<string> Flags);
}

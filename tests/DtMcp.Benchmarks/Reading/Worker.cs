using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Reading.Records;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// One contender in its own process: for each line on standard input it reads the file once and says seconds, rows and the sum of bytes.
/// </summary>
internal static class Worker
{
    /// <summary>
    /// How long the first line's work is done over and over: code is compiled anew while it runs hot, and what is published is compiled
    /// ahead.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Its memory lives over the passes, as the C++ contender's does.</summary>
    private static readonly Tables Counted = new();

    public static async Task RunAsync(string how, string path)
    {
        var started = Stopwatch.StartNew();
        while (await Console.In.ReadLineAsync() is not null)
        {
            Stopwatch watch;
            string result;
            do
            {
                watch = Stopwatch.StartNew();
                result = await OnceAsync(how, path);
            }
            while (started.Elapsed < WarmUp);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds} {result}"));
            await Console.Out.FlushAsync();
        }
    }

    private static async Task<string> OnceAsync(string how, string path) => how switch
    {
        "serializer" => Deserialize(path),
        "alone" => await ReadAloneAsync(path),
        "records" or "records-reference" => await ReadRecordsAsync(path, how == "records-reference"),
        "records-beside" => await ReadBesideAsync(path),
        "records-allocated" => await AllocatedAsync(path),
        "gzip" or "br" => Packed.Unpack(path, how),
        _ => await ReadAsync(path, how == "reference"),
    };

    private static async Task<string> ReadAsync(string path, bool general)
    {
        Counted.Clear();
        var flows = new FlowSet(0, Counted);
        await using var body = new FileBody(path);
        await (general
            ? NetworkReader.ReadGenerallyAsync(body, flows, CancellationToken.None)
            : NetworkReader.ReadAsync(body, flows, null, CancellationToken.None));
        return string.Create(CultureInfo.InvariantCulture, $"{Counted.Rows} {Counted.Bytes} {Counted.External} {Counted.Distinct}");
    }

    // A line is a page, read as one answer and then taken into the whole.
    private static async Task<string> ReadRecordsAsync(string path, bool general)
    {
        Counted.Clear();
        var flows = new FlowSet(0, Counted);
        var spaces = new RecordsSpaces();
        foreach (var (start, length) in Pages.GetOrAdd(path))
        {
            var space = spaces.Rent();
            await using var body = new FileBody(path, start, length);
            await (general
                ? AdvancedSearchReader.ReadGenerallyAsync(body, space.Rows, null, CancellationToken.None)
                : AdvancedSearchReader.ReadAsync(body, space, null, CancellationToken.None));
            flows.Copy(space.Rows);
            spaces.Return(space);
        }

        flows.Settle();
        return string.Create(CultureInfo.InvariantCulture, $"{Counted.Rows} {Counted.Bytes} {Counted.External} {Counted.Distinct}");
    }

    // As the program reads them: pages at once, a processor each, and into the whole in their order.
    private static async Task<string> ReadBesideAsync(string path)
    {
        Counted.Clear();
        var flows = new FlowSet(0, Counted);
        var spaces = new RecordsSpaces();
        Queue<Task<RecordsSpace>> reading = new();
        foreach (var (start, length) in Pages.GetOrAdd(path))
        {
            reading.Enqueue(Task.Run(() => PageAsync(start, length)));
            if (reading.Count == Environment.ProcessorCount)
            {
                Take(await reading.Dequeue());
            }
        }

        while (reading.TryDequeue(out var page))
        {
            Take(await page);
        }

        flows.Settle();
        return string.Create(CultureInfo.InvariantCulture, $"{Counted.Rows} {Counted.Bytes} {Counted.External} {Counted.Distinct}");

        async Task<RecordsSpace> PageAsync(long start, long length)
        {
            var space = spaces.Rent();
            await using var body = new FileBody(path, start, length);
            await AdvancedSearchReader.ReadAsync(body, space, null, CancellationToken.None);
            return space;
        }

        void Take(RecordsSpace space)
        {
            flows.Copy(space.Rows);
            spaces.Return(space);
        }
    }

    // Bytes allocated a row by one whole reading, the tables' own among them.
    private static async Task<string> AllocatedAsync(string path)
    {
        var before = GC.GetTotalAllocatedBytes();
        await ReadRecordsAsync(path, general: false);
        return string.Create(CultureInfo.InvariantCulture, $"{(GC.GetTotalAllocatedBytes() - before) / Math.Max(1, Counted.Rows)}");
    }

    // Nothing but the reading, no row kept: for memory.
    private static async Task<string> ReadAloneAsync(string path)
    {
        await using var body = new FileBody(path);
        var answer = await NetworkReader.ReadAsync(body, new FlowSet(0), null, CancellationToken.None);
        return string.Create(CultureInfo.InvariantCulture, $"{answer.Rows}");
    }

    private static string Deserialize(string path)
    {
        using var body = File.OpenRead(path);
        var answer = JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web)!;
        Dictionary<string, Volume> protocols = [], applications = [], far = [], near = [];
        Dictionary<int, Volume> sourcePorts = [], destinationPorts = [];
        long bytes = 0, external = 0;
        foreach (var row in answer.Traffic)
        {
            bytes += row.Bytes;
            Add(protocols, row.Protocol, row);
            Add(applications, row.ApplicationProtocol, row);
            Add(sourcePorts, row.SourcePort, row);
            Add(destinationPorts, row.DestinationPort, row);
            if (row.Direction == "external")
            {
                external++;
                var target = Add(far, row.DestinationDevice.Ip, row);
                (target.Ports ??= []).Add(row.DestinationPort);
                (target.Names ??= []).Add(row.ApplicationProtocol);
                (Add(near, row.SourceDevice.Ip, row).Names ??= []).Add(row.DestinationDevice.Ip);
            }
        }

        var distinct = far.Values.Concat(near.Values).Sum(v => (v.Ports?.Count ?? 0) + (v.Names?.Count ?? 0));
        return string.Create(CultureInfo.InvariantCulture, $"{answer.Traffic.Count} {bytes} {external} {distinct}");
    }

    private static Volume Add<T>(Dictionary<T, Volume> to, T key, Row row)
        where T : notnull
    {
        if (!to.TryGetValue(key, out var volume))
        {
            to[key] = volume = new Volume();
        }

        volume.Connections++;
        volume.Bytes += row.Bytes;
        volume.Packets += row.Packets;
        return volume;
    }

    private sealed class Volume
    {
        public long Connections { get; set; }

        public long Bytes { get; set; }

        public long Packets { get; set; }

        public HashSet<int>? Ports { get; set; }

        public HashSet<string>? Names { get; set; }
    }

    private sealed record Answer(List<Row> Traffic);

    private sealed record Device(long Did, string Ip, string? Hostname, string? DeviceLabel);

    private sealed record Row(
        Device SourceDevice, Device DestinationDevice, string Protocol, int SourcePort, int DestinationPort, string ApplicationProtocol,
        long Bytes, long Packets, double Duration,
        long StartTime, long EndTime, string Direction, List<string> Flags);
}

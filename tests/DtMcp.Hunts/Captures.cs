using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Hunts.Rivals;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.ConnLogs;
using DtMcp.Traffic.Questions;
using static DtMcp.Hunts.Verdict;

namespace DtMcp.Hunts;

/// <summary>
/// Recorded captures with known incidents, where a folder has them: <c>hunts.json</c> names channels, sources and targets.
/// </summary>
internal static class Captures
{
    /// <summary>The folder of recorded data beside the checkout, if any.</summary>
    public static string? Beside()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "data");
            if (File.Exists(Path.Combine(folder, "hunts.json")))
            {
                return folder;
            }
        }

        return null;
    }

    public static void Write(string? folder)
    {
        if (folder is null)
        {
            Line($"No recorded captures are beside this checkout; planted traffic alone.");
            return;
        }

        Line($"## Recorded captures\n");
        Row("capture", "incidents found", "above low, true", "first is true", "RITA v5: found, above low", "Elastic", "Sentinel");
        Row("---", "---", "---", "---", "---", "---", "---");
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "hunts.json")));
        foreach (var one in cases.RootElement.EnumerateArray())
        {
            var name = one.GetProperty("set").GetString()!;
            var path = Path.Combine(folder, $"{name}.conn.log.gz");
            if (File.Exists(path))
            {
                Write(name, path, one);
            }
        }
    }

    private static void Write(string name, string path, JsonElement one)
    {
        var options = one.GetProperty("options").EnumerateArray().Select(option => option.GetString()!).ToList();
        var inside = options.IndexOf("--internal") is >= 0 and var at ? InternalRanges.FromText(options[at + 1]) : null;
        var records = ConnLog.Load(path, AddressRules.Default, CancellationToken.None);
        var stories = Story.Of(Flows(records), null, inside);
        var above = stories.Where(story => story.IsAbove).ToList();
        var incidents = one.GetProperty("incidents").EnumerateArray().ToList();
        var found = incidents.Count(incident => above.Exists(story => Hits(incident, story)));
        var right = above.Count(story => incidents.Exists(incident => Hits(incident, story)));
        var first = incidents.Count == 0 ? "-" : stories.Count > 0 && incidents.Exists(incident => Hits(incident, stories[0])) ? "yes"
            : "no";
        var pairs = Pair.Of(records, inside ?? InternalRanges.Default);
        var devices = pairs.DistinctBy(pair => pair.Source).Count();
        Row(name, $"{found} of {incidents.Count}", $"{right} of {above.Count}", first, Rival(pair => RitaScore.IsFound(pair, devices)),
            Rival(ElasticTransform.IsFound), Rival(SentinelTemplate.IsFound));
        foreach (var story in above.Where(story => !incidents.Exists(incident => Hits(incident, story))))
        {
            Row("", "", $"false: {story.Kind} {story.Source} {story.Destination}", "", "", "", "");
        }

        string Rival(Func<Pair, bool> finds)
        {
            var hits = pairs.Where(finds).Select(pair => new Story("", "medium", pair.Source, pair.Destination, pair.Ports, 0,
                "")).ToList();
            return $"{incidents.Count(incident => hits.Exists(story => Hits(incident, story)))} of {incidents.Count}, {hits.Count}";
        }
    }

    private static bool Hits(JsonElement incident, Story story)
    {
        if (incident.TryGetProperty("channels", out var channels) && channels.EnumerateArray().Any(channel =>
            Is(channel[0], story.Source) && Is(channel[1], story.Destination) && story.Ports.Contains(channel[2].GetInt64())))
        {
            return true;
        }

        return (incident.TryGetProperty("source", out var source) && source.GetString() == story.Source)
            || (incident.TryGetProperty("to", out var to) && to[0].GetString() == story.Destination
                && story.Ports.Contains(to[1].GetInt64()));

        static bool Is(JsonElement wanted, string? end) => wanted.GetString() is "*" || wanted.GetString() == end;
    }

    private static FlowSet Flows(RecordSet records)
    {
        var flows = new FlowSet { Seen = (FlowFields)8191 };
        var chunk = flows.Rent();
        foreach (var row in records.Rows)
        {
            var i = chunk.Count++;
            chunk.SetStart(i, row.StartMs);
            chunk.Duration[i] = row.HasDuration ? (int)Math.Min(int.MaxValue, row.DurationSeconds * 1000) : FlowChunk.Unknown;
            (chunk.Source[i], chunk.Destination[i]) = (Host(row.Source), Host(row.Destination));
            (chunk.SourcePort[i], chunk.DestinationPort[i]) = (row.SourcePort, row.DestinationPort);
            chunk.Protocol[i] = flows.Protocols.GetOrAdd(records.Protocols[row.Protocol]);
            chunk.ApplicationProtocol[i] = Darktrace.Flows.NameTable.UnknownId;
            (chunk.Bytes[i], chunk.Packets[i]) = (row.Bytes, row.Packets);
            chunk.SetBytesOut(i, row.OrigBytes);
            chunk.Traits[i] = (IsFailed(row.State) ? FlowTraits.Failed : FlowTraits.None)
                | (row.Bytes > 65_535 * Math.Max(1, row.Packets) ? FlowTraits.SensorArtefact : FlowTraits.None);
            if (chunk.Count == FlowChunk.Capacity)
            {
                flows.Accept(chunk);
                chunk = flows.Rent();
            }
        }

        flows.Accept(chunk);
        return flows;

        int Host(int index) => NetAddress.TryParse(records.Addresses[index].ToString(), out var address)
            ? flows.Hosts.GetOrAdd(address, HostTable.NoDid) : throw new InvalidDataException();
    }

    private static bool IsFailed(ConnState state) =>
        state is ConnState.S0 or ConnState.REJ or ConnState.RSTOS0 or ConnState.RSTRH or ConnState.SH or ConnState.SHR;
}

using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Stories as rows of the answer.</summary>
internal sealed class StoryTable(HuntScene scene, AnalysisSettings settings)
{
    /// <summary>The strongest signs of a row within a budget.</summary>
    private const int SignsShown = 3;

    private HostTable Hosts => scene.Flows.Hosts;

    public Table Of(IReadOnlyList<Story> shown, long of)
    {
        var table = new TableBuilder("findings", "confidence",
        [
            "kind", "confidence", "source", "source_did", "hostname", "destination", "destination_ports", "devices", "first", "last",
            "connections", "refused", .. scene.KnowsBytesOut ? (string[])["bytes_out", "bytes_in"] : ["bytes"], "signs", "alike",
        ]);
        foreach (var story in shown)
        {
            table.Add(
            [
                Cell.Of(story.Kind.Word()),
                Cell.Of(Word(story.Confidence)),
                HostCells.Ip(Hosts, story.Source),
                HostCells.Did(Hosts, story.Source),
                HostCells.Hostname(Hosts, story.Source),
                story.Destination is { } destination ? HostCells.Ip(Hosts, destination) : Cell.Absent,
                Ports(story),
                story.Destination is { } end && !scene.IsInside(end) ? Cell.Of(scene.DevicesOf(end)) : Cell.Absent,
                Cell.Second(story.Sums.First),
                Cell.Second(story.Sums.Last),
                Cell.Of(story.Sums.Connections),
                story.Sums.Refused > 0 ? Cell.Of(story.Sums.Refused) : Cell.Absent,
                .. scene.KnowsBytesOut
                    ? (Cell[])[Cell.Of(story.Sums.BytesOut), Cell.Of(story.Sums.Bytes - story.Sums.BytesOut)]
                    : [Cell.Of(story.Sums.Bytes)],
                Cell.Sentence(Signs(story)),
                story.Alike.Count > 0 ? Cell.Of(story.Alike.Count) : Cell.Absent,
            ]);
        }

        return table.Build(of);
    }

    /// <summary>The call that shows the rows of a story, and as little else as filters can leave.</summary>
    public string? Next(Story story)
    {
        var ports = story.Ports;
        return story.Destination is { } destination
            ? NextCalls.Between(settings, Hosts, story.Source, destination)
            : !NextCalls.CanFocus(Hosts, story.Source) ? null
            : ports.Count == 1
            ? NextCalls.Of(settings, "get_network_traffic", NextCalls.Focus(Hosts, story.Source),
                HuntScene.Text($"destinationport={ports[0]}"))
            : NextCalls.Device(settings, Hosts, story.Source);
    }

    public static string Word(Confidence confidence) => confidence switch
    {
        Confidence.High => "high",
        Confidence.Medium => "medium",
        _ => "low",
    };

    private Cell Ports(Story story)
    {
        var ports = story.Ports;
        return ports.Count == 0 ? Cell.Absent
            : Cell.List([.. ports.Take(settings.ListAll ? int.MaxValue : Table.MaxListed).Select(port => (long)port)], ports.Count);
    }

    private string Signs(Story story)
    {
        List<string> parts = [.. story.Signs.Take(settings.ListAll ? int.MaxValue : SignsShown).Select(sign => sign.Figures())];
        if (story.Signs.Count > parts.Count)
        {
            parts.Add(HuntScene.Text($"{story.Signs.Count - parts.Count} more signs"));
        }

        if (story.Destination is { } destination && !scene.IsInside(destination))
        {
            parts.AddRange(IsNew(story, destination) ? ["new"] : Array.Empty<string>());
            parts.AddRange(Hosts.Details(destination)?.Hostname is { } name ? [$"named {name}"] : Array.Empty<string>());
        }

        if (story.Alike.Count > 0)
        {
            var all = story.Alike.Append(story).ToList();
            parts.Add(HuntScene.Text($"{story.Alike.Count} more like it, of {all.DistinctBy(one => one.Source).Count()} sources and ")
                + HuntScene.Text($"{all.DistinctBy(one => one.Destination).Count()} far ends in all"));
        }

        return string.Join("; ", parts);
    }

    private bool IsNew(Story story, int destination) => scene.Before is { ReachesBack: true } before
        && !before.HasDestination(Hosts, destination)
        && story.Signs.TrueForAll(sign => sign.Kind != HuntKind.NewDestinations);
}

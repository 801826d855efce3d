using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Stories as rows of the answer.</summary>
internal sealed class StoryTable(HuntScene scene, AnalysisSettings settings, bool isShort = false)
{
    /// <summary>Ports of a short row, and how many parts of its strongest sign.</summary>
    private const int PortsInShort = 3;
    private const int PartsInShort = 2;

    /// <summary>The strongest signs of a row within a budget.</summary>
    private const int SignsShown = 3;

    private HostTable Hosts => scene.Flows.Hosts;

    /// <summary>What short rows leave out.</summary>
    public IEnumerable<string> Note => isShort ? ["Rows are short, as there are many: detail=full has all figures."] : [];

    public Table Of(IReadOnlyList<Story> shown, long of)
    {
        if (isShort)
        {
            return Short(shown, of);
        }

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

    private Table Short(IReadOnlyList<Story> shown, long of)
    {
        var table = new TableBuilder("findings", "confidence",
            "kind", "confidence", "source", "source_did", "destination", "destination_ports", "connections",
            scene.KnowsBytesOut ? "bytes_out" : "bytes", "signs");
        foreach (var story in shown)
        {
            table.Add(
                Cell.Of(story.Kind.Word()), Cell.Of(Word(story.Confidence)), HostCells.Ip(Hosts, story.Source),
                HostCells.Did(Hosts, story.Source), story.Destination is { } destination ? HostCells.Ip(Hosts, destination) : Cell.Absent,
                Ports(story), Cell.Of(story.Sums.Connections),
                Cell.Of(scene.KnowsBytesOut ? story.Sums.BytesOut : story.Sums.Bytes), Cell.Sentence(ShortSign(story)));
        }

        return table.Build(of);
    }

    private static string ShortSign(Story story)
    {
        var parts = story.Signs[0].Figures().Split(", ", PartsInShort + 1);
        var sign = string.Join(", ", parts.Take(PartsInShort));
        return story.Alike.Count > 0 ? HuntScene.Text($"{sign}; {story.Alike.Count} more like it") : sign;
    }

    /// <summary>Whom a story is about.</summary>
    public Subject Subject(Story story) => new(
        Hosts.Did(story.Source) != HostTable.NoDid ? Hosts.Did(story.Source) : null,
        Hosts.Address(story.Source) is { IsPresent: true } address ? address.ToString() : null,
        story.Destination is { } far && !scene.IsInside(far) && Hosts.Address(far) is { IsPresent: true } outside ? outside : null,
        story.Sums.First, story.Sums.Last);

    /// <summary>
    /// The call that shows the rows of a story and no others, as far as filters can tell them: both ends and which way for a pair; the
    /// port and which way for what came to a far end; what failed, on which port, for a scan.
    /// </summary>
    public string? Next(Story story)
    {
        if (story.Kind is HuntKind.DnsTunnel or HuntKind.GeneratedNames && NextCalls.CanFocus(Hosts, story.Source))
        {
            // What stands in a name goes into a call only where nothing in it can be wrong there.
            var domain = story.Signs[0].Domain;
            string[] below = domain?.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') == true
                ? [$"name=*.{domain}"]
                : [];
            return NextCalls.Of(settings, "lookup_names", [NextCalls.Focus(Hosts, story.Source), .. below]);
        }

        var ports = story.Ports;
        if (story.Destination is not { } destination)
        {
            var (isScan, isMail) = (story.Signs.TrueForAll(sign => sign.Kind == HuntKind.Scan), story.Kind == HuntKind.MassMail);
            return !NextCalls.CanFocus(Hosts, story.Source) ? null : NextCalls.Of(settings, "get_network_traffic",
            [
                NextCalls.Focus(Hosts, story.Source),
                .. ports.Count == 1 ? [HuntScene.Text($"destinationport={ports[0]}")] : Array.Empty<string>(),
                .. isScan && scene.KnowsState ? ["state=failed"] : Array.Empty<string>(),
                .. isMail ? ["direction=outbound"] : Array.Empty<string>(),
            ]);
        }

        string[] way = !scene.IsInside(destination) ? ["direction=outbound"]
            : !scene.IsInside(story.Source) ? ["direction=inbound"]
            : [];
        return story.Signs.TrueForAll(sign => sign.IsOfFarEnd) && NextCalls.CanFocus(Hosts, destination)
            ? NextCalls.Of(settings, "get_network_traffic",
                [NextCalls.Focus(Hosts, destination), HuntScene.Text($"destinationport={ports[0]}"), .. way])
            : NextCalls.Between(settings, Hosts, story.Source, destination, way);
    }

    /// <summary>The call that tells who else talks to the far end of a story.</summary>
    public string? Who(Story story) => story.Destination is { } far && !scene.IsInside(far) && Hosts.Address(far).IsPresent
        ? NextCalls.Of(settings, "describe_endpoint", $"ip={Hosts.Address(far)}")
        : null;

    public static string Word(Confidence confidence) => confidence switch
    {
        Confidence.High => "high",
        Confidence.Medium => "medium",
        _ => "low",
    };

    private Cell Ports(Story story)
    {
        var (ports, most) = (story.Ports, settings.ListAll ? int.MaxValue : isShort ? PortsInShort : Table.MaxListed);
        return ports.Count == 0 ? Cell.Absent : Cell.List([.. ports.Take(most).Select(port => (long)port)], ports.Count);
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

        parts.AddRange(story.KnownGood is { } known ? [$"known good: {known.Reason}"] : Array.Empty<string>());
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

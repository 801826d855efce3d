using System.Globalization;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Names;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>
/// <c>lookup_names</c>: what was looked up, and which servers were called by name. Of a device its names, those that nobody else used
/// first; of a host the names that stand for it; else the names that fewest devices used.
/// </summary>
/// <param name="Pattern">A part of a name, or one with <c>*</c>; null for all.</param>
public sealed record NameLookup(string? Pattern = null) : Investigation
{
    public override string Name => "lookup_names";

    internal override IReadOnlyList<(string Name, string Value)> Arguments => Pattern is null ? [] : [("name", Pattern)];

    /// <summary>What was found, of names as they were read. Pure.</summary>
    internal static Findings Find(NameEvidence evidence, NameAsk ask, DeviceList devices, AnalysisSettings settings)
    {
        var book = new NameBook(evidence.Records);
        var lookups = evidence.Records.Where(pair => pair.Kind == NameKind.Dns).Select(pair => pair.Record).ToList();
        var tunnels = DomainTree.Tunnels(lookups);
        var asked = evidence.Records.Select(pair => pair.Record.Source).ToHashSet();
        var nowhere = lookups.Count(record => record.IsNowhere);
        var rare = book.Uses.Count(use => Others(use, evidence) == 0);
        List<Table> tables = [];
        if (tunnels.Count > 0)
        {
            tables.Add(TunnelTable(tunnels, devices, settings));
        }

        tables.Add(Names(book, evidence, settings));
        if (ask.Sources.Count == 0)
        {
            tables.Add(Askers(evidence, devices, settings));
        }

        if (evidence.Records.Any(pair => pair.Record.UserAgent is not null))
        {
            tables.Add(Agents(evidence, settings));
        }

        return new Findings
        {
            Totals =
            [
                new("lookups", Cell.Of((long)lookups.Count)),
                new("calls", Cell.Of((long)(evidence.Records.Count - lookups.Count))),
                new("names", Cell.Of((long)book.Uses.Count)),
                .. evidence.OfOthers is null
                    ? [new Field("devices", Cell.Of((long)asked.Count))]
                    : (Field[])[new("names_of_nobody_else", Cell.Of((long)rare))],
                new("nxdomain", Cell.Of((long)nowhere)),
                new("nxdomain_percent", Percent.Of(nowhere, lookups.Count)),
            ],
            Tables = tables,
            Notes = [.. Notes(evidence, ask, tunnels)],
            Next = [.. Next(book, evidence, tunnels, settings)],
        };
    }

    private static long? Others(NameUse use, NameEvidence evidence) =>
        evidence.OfOthers is { } others ? (others.TryGetValue(use.Name, out var count) ? count : null) : use.Devices.Count - 1;

    // What fewest others use comes first; of those the busiest. Not checked comes last.
    private static Table Names(NameBook book, NameEvidence evidence, AnalysisSettings settings)
    {
        var isOfDevice = evidence.OfOthers is not null;
        var ordered = book.Uses
            .OrderBy(use => Others(use, evidence) ?? long.MaxValue)
            .ThenByDescending(use => use.Lookups + use.Calls)
            .ThenBy(use => use.Name, StringComparer.Ordinal);
        var table = new TableBuilder(
            "names", "rarity", "name", "lookups", "nxdomain", "calls", isOfDevice ? "by_others" : "devices", "addresses", "first", "last");
        foreach (var use in ordered.Take(settings.Limit))
        {
            var addresses = use.Addresses;
            table.Add(
                Cell.Of(use.Name), Cell.Of(use.Lookups), use.Nowhere > 0 ? Cell.Of(use.Nowhere) : Cell.Absent, Cell.Of(use.Calls),
                isOfDevice ? Cell.Of(Others(use, evidence)) : Cell.Of((long)use.Devices.Count),
                addresses.Count == 0 ? Cell.Absent : Cell.List(
                    [.. addresses.Take(settings.ListAll ? int.MaxValue : Table.MaxListed).Select(address => address.ToString())],
                    addresses.Count),
                Cell.Second(use.First == long.MaxValue ? null : use.First), Cell.Second(use.Last == 0 ? null : use.Last));
        }

        return table.Build(book.Uses.Count);
    }

    private static Table Askers(NameEvidence evidence, DeviceList devices, AnalysisSettings settings)
    {
        var groups = evidence.Records.GroupBy(pair => pair.Record.Source)
            .Select(group => (
                Address: group.Key,
                Lookups: group.LongCount(pair => pair.Kind == NameKind.Dns),
                Calls: group.LongCount(pair => pair.Kind != NameKind.Dns),
                Names: group.Select(pair => pair.Record.Name).Distinct().LongCount(),
                First: group.Min(pair => pair.Record.TimeMs),
                Last: group.Max(pair => pair.Record.TimeMs)))
            .OrderByDescending(group => group.Lookups + group.Calls).ThenBy(group => group.Address).ToList();
        var table = new TableBuilder("devices", "uses", "ip", "did", "hostname", "lookups", "calls", "names", "first", "last");
        foreach (var group in groups.Take(settings.Limit))
        {
            var (did, hostname) = Holder(devices, group.Address, settings.Window.StartMs);
            table.Add(
                Cell.Of(group.Address.ToString()), did, hostname, Cell.Of(group.Lookups), Cell.Of(group.Calls), Cell.Of(group.Names),
                Cell.Second(group.First), Cell.Second(group.Last));
        }

        return table.Build(groups.Count);
    }

    private static Table TunnelTable(IReadOnlyList<Tunnel> tunnels, DeviceList devices, AnalysisSettings settings)
    {
        var table = new TableBuilder(
            "tunnels", "names", "domain", "severity", "ip", "did", "hostname", "names", "lookups", "longest_name", "first", "last");
        foreach (var tunnel in tunnels.Take(settings.Limit))
        {
            var (did, hostname) = Holder(devices, tunnel.Device, settings.Window.StartMs);
            table.Add(
                Cell.Of(tunnel.Domain), Cell.Of(tunnel.Severity), Cell.Of(tunnel.Device.ToString()), did, hostname,
                Cell.Of((long)tunnel.Names), Cell.Of(tunnel.Lookups), Cell.Of((long)tunnel.Longest), Cell.Second(tunnel.First),
                Cell.Second(tunnel.Last));
        }

        return table.Build(tunnels.Count) with { IsVerdict = true };
    }

    private static Table Agents(NameEvidence evidence, AnalysisSettings settings)
    {
        var agents = evidence.Records.Where(pair => pair.Record.UserAgent is not null)
            .GroupBy(pair => pair.Record.UserAgent!)
            .Select(group => (
                Agent: group.Key, Calls: group.LongCount(), Names: group.Select(pair => pair.Record.Name).Distinct().LongCount(),
                Devices: group.Select(pair => pair.Record.Source).Distinct().LongCount()))
            .OrderByDescending(agent => agent.Calls).ThenBy(agent => agent.Agent, StringComparer.Ordinal).ToList();
        var table = new TableBuilder("user_agents", "calls", "user_agent", "calls", "names", "devices");
        foreach (var agent in agents.Take(Math.Min(settings.Limit, 5)))
        {
            table.Add(Cell.Of(agent.Agent), Cell.Of(agent.Calls), Cell.Of(agent.Names), Cell.Of(agent.Devices));
        }

        return table.Build(agents.Count);
    }

    private static (Cell Did, Cell Hostname) Holder(DeviceList devices, NetAddress address, long startMs) =>
        devices.HoldersOf(address, startMs) is [var holder, ..]
            ? (Cell.Of(holder.Did), Cell.Of(holder.Details.Hostname ?? holder.Details.DeviceLabel))
            : (Cell.Absent, Cell.Absent);

    private static IEnumerable<string> Notes(NameEvidence evidence, NameAsk ask, IReadOnlyList<Tunnel> tunnels)
    {
        foreach (var note in evidence.Notes)
        {
            yield return note;
        }

        if (evidence.Records.Count == 0)
        {
            yield return ask.Pattern is null && ask.Hosts.Count == 0
                ? "No name was seen in this window: no DNS, TLS or HTTP entry matches."
                : "No name matches in this window.";
            yield break;
        }

        yield return evidence.OfOthers is null
            ? "names: those that fewest devices used come first; calls are over TLS and HTTP."
            : "names: those that nobody else looked up or called (by_others 0) come first; calls are over TLS and HTTP.";
        if (tunnels.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"tunnels: one device looked up {Tunnel.Least} or more different names of one domain, as data sent in names does " +
                $"(low from 100, medium 500, high 800, critical 1,000); services that put codes into names look alike.");
        }
    }

    private static IEnumerable<string> Next(NameBook book, NameEvidence evidence, IReadOnlyList<Tunnel> tunnels, AnalysisSettings settings)
    {
        if (tunnels is [var tunnel, ..])
        {
            yield return NextCalls.Of(settings, "lookup_names", $"name=*.{tunnel.Domain}");
        }

        var rarest = book.Uses.Where(use => Others(use, evidence) == 0 && use.Addresses.Count > 0)
            .OrderByDescending(use => use.Lookups + use.Calls).ThenBy(use => use.Name, StringComparer.Ordinal).FirstOrDefault();
        if (rarest is not null && !settings.Internal.IsDevice(rarest.Addresses[0]))
        {
            yield return NextCalls.Of(settings, "describe_endpoint", $"ip={rarest.Addresses[0]}");
        }
    }
}

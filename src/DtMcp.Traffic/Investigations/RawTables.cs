using System.Globalization;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// Connectivity tables as they came, for lack of rows: pairs, devices, hosts outside and subnets as the appliance sizes them.
/// </summary>
internal static class RawTables
{
    private static readonly Query Beside = new()
    {
        Totals = [new("connections", MeasureKind.Connections), new("bytes", MeasureKind.Bytes)],
        Tables =
        [
            new()
            {
                Name = "subnets",
                By = Dimension.ApplianceSubnet,
                Columns = [Column.Key(Dimension.ApplianceSubnet), Column.Network, Column.Label, Column.Size],
                OrderBy = MeasureKind.Size,
            },
            SharedTables.Protocols(MeasureKind.Bytes),
            SharedTables.ApplicationProtocols(MeasureKind.Bytes),
        ],
    };

    public static Findings Of(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var beside = TableExecutor.Finish(Beside, settings, answers);
        Table?[] own = [Pairs(answers, settings), Devices(answers, settings), Outside(answers, settings)];
        return beside with { Tables = [.. own.OfType<Table>(), .. beside.Tables] };
    }

    private static Table? Pairs(ConnectivityHalves answers, AnalysisSettings settings)
    {
        if (answers.All.All(answer => answer.Connections is null))
        {
            return null;
        }

        var pairs = answers.Summed.SelectMany(answer => answer.Connections ?? [])
            .DistinctBy(pair => (pair.Source.Id, pair.Source.Ip, pair.Target.Id, pair.Target.Ip)).ToList();
        var named = answers.All.SelectMany(answer => answer.ExternalDevices ?? [])
            .Where(outside => outside.Id is not null && (outside.Ip ?? outside.Name) is not null)
            .GroupBy(outside => outside.Id!.Value).ToDictionary(group => group.Key, group => (group.First().Ip ?? group.First().Name)!);
        var table = new TableBuilder("connections", "unusualness", "source", "target", "time", "unusualness");
        var offset = (int)Math.Min(settings.Offset, pairs.Count);
        var ranked = pairs.OrderByDescending(pair => pair.Score ?? 0).ThenByDescending(pair => pair.TimeMs);
        foreach (var pair in ranked.Skip(offset).Take(settings.Limit))
        {
            table.Add(
                Cell.Of(End(pair.Source, named)), Cell.Of(End(pair.Target, named)), Moment(pair.TimeMs),
                pair.Score is { } score ? Cell.Of(score) : Cell.Absent);
        }

        return table.Build(pairs.Count);
    }

    private static Table? Devices(ConnectivityHalves answers, AnalysisSettings settings)
    {
        if (answers.All.All(answer => answer.Devices is null))
        {
            return null;
        }

        var devices = answers.Summed.SelectMany(answer => answer.Devices ?? []).GroupBy(device => device.Did)
            .Select(group => group.First() with { Size = group.Total(device => device.Size) })
            .OrderByDescending(device => device.Size).ThenBy(device => device.Did).ToList();
        var table = new TableBuilder("devices", "size", "did", "ip", "hostname", "size", "last_time");
        foreach (var device in devices.Take(settings.Limit))
        {
            table.Add(
                Cell.Of(device.Did), Cell.Of(device.Ip), Cell.Of(device.Details.Hostname), Cell.Of(device.Size), Moment(device.TimeMs));
        }

        return table.Build(devices.Count);
    }

    private static Table? Outside(ConnectivityHalves answers, AnalysisSettings settings)
    {
        if (answers.All.All(answer => answer.ExternalDevices is null))
        {
            return null;
        }

        var outside = answers.All.SelectMany(answer => answer.ExternalDevices ?? [])
            .DistinctBy(device => (device.Id, device.Ip)).OrderByDescending(device => device.Size).ToList();
        var measure = answers.All.All(ConnectivityParts.IsBytes) ? "bytes" : "size";
        var table = new TableBuilder("external_devices", measure, "ip", "hostname", "country", "asn", measure);
        foreach (var device in outside.Take(settings.Limit))
        {
            table.Add(
                Cell.Of(device.Ip ?? device.Name), Cell.Of(device.Details.Hostname ?? (device.Name == device.Ip ? null : device.Name)),
                Cell.Of(device.Details.Country), Cell.Of(device.Details.Asn), Cell.Of(device.Size));
        }

        return table.Build(outside.Count);
    }

    private static string End(ConnectionEnd end, Dictionary<long, string> outside) => end.Ip
        ?? (end.Type == ConnectionEndType.ExternalDevice ? outside.GetValueOrDefault(end.Id) : null)
        ?? string.Create(CultureInfo.InvariantCulture, $"{Word(end.Type)} {end.Id}");

    private static string Word(ConnectionEndType type) => type switch
    {
        ConnectionEndType.Device => "device",
        ConnectionEndType.Subnet => "subnet",
        ConnectionEndType.ExternalDevice => "externaldevice",
        _ => "id",
    };

    private static Cell Moment(long? milliseconds) => Cell.Second(milliseconds);
}

using System.Globalization;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;
using Sums = DtMcp.Traffic.Counting.Measure;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Makes the table of a <see cref="RowAggregate"/>: groups whose keys mean the same (a country of several hosts) become one, the first by
/// the table's order are shown.
/// </summary>
internal sealed class AggregateTable(AnalysisSettings settings, FlowSet flows, RowAggregate groups)
{
    private const string Unknown = "unknown";

    private readonly TableQuery _query = groups.Table;

    // The group that each number became a part of.
    private readonly Dictionary<int, int> _groupOf = [];

    public Table Build()
    {
        var all = Merged();
        Column[] columns = [.. _query.Columns.Where(column => column.Measure is not { } measure || Knows(measure))];
        var by = columns.Any(column => column.Measure?.Kind == _query.OrderBy) ? _query.OrderBy
            : Knows(MeasureKind.Bytes) ? MeasureKind.Bytes
            : MeasureKind.Connections;
        var peers = _groupOf.Count == all.Count
            ? groups.Peers?.Numbers(all.Select(group => group.Number), flows.Hosts)
            : groups.Peers?.NumbersOf(_groupOf, flows.Hosts);
        var isByTime = _query.Then is null && _query.By.IsOfTime();
        var ordered = isByTime
            ? all.OrderBy(group => groups.First.Time(groups.Pairs[group.Number].First))
            : (_query.IsAscending ? all.OrderBy(Number) : all.OrderByDescending(Number))
                .ThenBy(group => group.First).ThenBy(group => group.Second);
        var table = new TableBuilder(
            _query.Name, isByTime ? "time" : columns.FirstOrDefault(column => column.Measure?.Kind == by)?.Name ?? "bytes",
            [.. columns.Select(column => column.Name)]);
        foreach (var group in ordered.Take(settings.RowsOf(_query.Top)))
        {
            table.Add([.. columns.Select(column => Of(column, group, peers))]);
        }

        return table.Build(all.Count) with { Shape = TableShapes.Of(_query, columns) };

        long Number(Group group) => by == MeasureKind.Distinct
            ? peers?.GetValueOrDefault(group.Number) ?? 0
            : Value(group, by);
    }

    /// <summary>What is in no row, and why.</summary>
    public IEnumerable<string> Notes()
    {
        if (groups.Keyless > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{groups.Keyless} connections have no {Names()} and are in no row.");
        }

        if (groups.Sums.Length > 0 && groups.Sums[GroupPairs.Others] is { Connections: > 0 } others)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"More groups than are kept apart ({GroupPairs.MaxPairs}): {others.Connections} connections with {others.Bytes.Value} " +
                $"bytes are in none of the rows; narrow the question.");
        }

        if (groups.Peers is { IsEstimate: true })
        {
            yield return "Numbers of peers are estimates for the groups that have most (standard error 1.6 %).";
        }

        if (groups.Peers is null && _query.Columns.Any(column => column.Measure?.Kind == MeasureKind.Distinct) && flows.HasEvicted)
        {
            yield return "More endpoints than are kept: how many peers a group has is not told.";
        }
    }

    private bool Knows(Measure measure) =>
        (flows.Count == 0 || Capabilities.OfRows(flows.Seen, _query.By, measure).IsKnown)
        && (measure.Kind != MeasureKind.Distinct || groups.Peers is not null);

    private string Names() => _query.Then is { } then
        ? $"{_query.By.Word()} or no {then.Word()}"
        : _query.By.Word();

    private List<Group> Merged()
    {
        Dictionary<(Key, Key), Group> merged = [];
        for (var number = 1; number < groups.Pairs.Length; number++)
        {
            if (groups.Sums[number] is not { Connections: > 0 } sums)
            {
                continue;
            }

            var (first, second) = groups.Pairs[number];
            var key = KeyOf(_query.By, groups.First, first);
            var then = _query.Then is { } other ? KeyOf(other, groups.Second!, second) : default;
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(merged, (key, then), out var isKnown);
            if (!isKnown)
            {
                group = new Group(number, key, then) { Sums = sums, Detail = groups.Detail(number) };
                _groupOf[number] = number;
                continue;
            }

            _groupOf[number] = group!.Number;
            group.Sums.Connections += sums.Connections;
            group.Sums.Bytes += sums.Bytes.Value;
            group.Sums.Packets += sums.Packets.Value;
            group.Detail.Add(groups.Detail(number));
        }

        return [.. merged.Values];
    }

    private Key KeyOf(Dimension by, Selecting.RowKeys keys, int key) => by switch
    {
        Dimension.Country => new Key(0, flows.Hosts.Details(key)?.Country ?? Unknown),
        Dimension.Asn => new Key(0, flows.Hosts.Details(key)?.Asn ?? Unknown),
        Dimension.Name => new Key(0, flows.Hosts.Details(key)?.Hostname ?? NameOf(flows.Hosts.Address(key)) ?? Unknown),
        Dimension.Subnet or Dimension.DeviceSubnet => new Key(0, RollUp.Subnet(settings.Internal, flows.Hosts.Address(key))),
        Dimension.Protocol => new Key(key, flows.Protocols[(ushort)key]),
        Dimension.ApplicationProtocol => new Key(key, flows.ApplicationProtocols[(ushort)key]),
        Dimension.State => new Key(key, Selecting.RowKeys.State(key)),
        Dimension.Direction => new Key(key, Selecting.RowKeys.Direction(key)),
        Dimension.Hour => new Key(keys.Time(key), TimeText.Step(keys.Time(key)) ?? Unknown),
        Dimension.Interval => new Key(keys.Time(key), TimeText.Step(keys.Time(key)) ?? Unknown),
        _ when by.IsEndpoint() => new Key(key, flows.Hosts.Name(key), flows.Hosts.Address(key)),
        _ => new Key(key, ""),
    };

    // What names were seen to stand for it, where the rows do not say.
    private string? NameOf(NetAddress address) => address.IsPresent && settings.Names is { } names
        && names.OfHosts.TryGetValue(address, out var name) ? name : null;

    private Cell Of(Column column, Group group, Dictionary<int, long?>? peers)
    {
        if (column.Measure is { } measure)
        {
            return measure.Kind switch
            {
                MeasureKind.Distinct => Cell.Of(peers?.GetValueOrDefault(group.Number)),
                MeasureKind.First or MeasureKind.Last =>
                    Value(group, measure.Kind) is > 0 and var moment ? Cell.Second(moment) : Cell.Absent,
                var kind => Cell.Of(Value(group, kind)),
            };
        }

        var isSecond = column.IsOfSecond;
        var (by, key) = isSecond ? (_query.Then!.Value, group.Second) : (_query.By, group.First);
        var id = isSecond ? groups.Pairs[group.Number].Second : groups.Pairs[group.Number].First;
        return column.Attribute switch
        {
            EndpointAttribute.Did => HostCells.Did(flows.Hosts, id),
            EndpointAttribute.Hostname => HostCells.Hostname(flows.Hosts, id),
            EndpointAttribute.Country => HostCells.Country(flows.Hosts, id),
            EndpointAttribute.Asn => HostCells.Asn(flows.Hosts, id),
            _ when by.IsPort() => Cell.Of(key.Rank),
            _ when by.IsOfTime() => Cell.Step(key.Rank),
            _ => Cell.Of(key.Text),
        };
    }

    private static long Value(Group group, MeasureKind kind) => kind switch
    {
        MeasureKind.Connections => group.Sums.Connections,
        MeasureKind.Packets => group.Sums.Packets,
        MeasureKind.BytesIn => group.Detail.BytesIn,
        MeasureKind.BytesOut => group.Detail.BytesOut,
        MeasureKind.Failed => group.Detail.Failed,
        MeasureKind.First => group.Detail.First,
        MeasureKind.Last => group.Detail.Last,
        _ => group.Sums.Bytes,
    };

    /// <summary>A key as it is shown, and by what ties go.</summary>
    private readonly record struct Key(long Rank, string Text, NetAddress Address = default) : IComparable<Key>
    {
        public int CompareTo(Key other) => Address.CompareTo(other.Address) is not 0 and var byAddress ? byAddress
            : Address.IsPresent ? string.CompareOrdinal(Text, other.Text)
            : Rank != other.Rank ? Rank.CompareTo(other.Rank)
            : string.CompareOrdinal(Text, other.Text);
    }

    private sealed record Group(int Number, Key First, Key Second)
    {
        public Sums Sums;
        public KeyDetail Detail;
    }
}

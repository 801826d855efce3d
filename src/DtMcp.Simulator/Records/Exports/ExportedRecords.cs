using System.Globalization;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.NameLogs;
using DtMcp.Simulator.Setup;
using ZstdSharp;

namespace DtMcp.Simulator.Records.Exports;

/// <summary>
/// Reads what <c>dtmcp export</c> wrote, all files of a folder. A file tells whether a connection was established, and not Zeek's own
/// word for it; packets of both directions together, which are divided so that a side has a sensor's artefact where the file says so.
/// </summary>
internal static class ExportedRecords
{
    // As they are laid out: appliance=NAME/date=DAY/HOUR.parquet. Nothing else is looked through, however large the folder is.
    private static readonly string[][] Layouts = [["appliance=*", "date=*"], ["date=*"], []];

    // No IP packet carries more.
    private const long MaxPacketBytes = 65_535;

    /// <summary>Whether a folder holds such files.</summary>
    /// <exception cref="SimulatorException">It may not be read.</exception>
    public static bool AreIn(string folder) => Files(folder).Count > 0;

    public static RecordSet Load(string folder, AddressRules rules, CancellationToken cancellationToken)
    {
        var builder = new RecordSetBuilder();
        Dictionary<IpAddress, OutsideInfo> outside = [];
        List<NameEntry>? names = null;
        foreach (var path in Files(folder).Order(StringComparer.Ordinal))
        {
            foreach (var (kind, log) in NameLogs(path))
            {
                (names ??= []).AddRange(NameLog.Load(log, kind, cancellationToken));
            }

            try
            {
                using var file = File.OpenRead(path);
                foreach (var (rows, columns) in ParquetTable.Read(file))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Add(builder, outside, rules, rows, columns);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException
                or ArgumentException or NotSupportedException or InvalidCastException or IndexOutOfRangeException or OverflowException
                or FormatException or ZstdException)
            {
                throw new SimulatorException($"cannot read the records of {path}: {exception.Message}", exception);
            }
        }

        return builder.Build(new RecordFacts { Outside = outside, Names = names }, rules);
    }

    // The names of an hour stand beside its connections.
    private static IEnumerable<(NameKind Kind, string Path)> NameLogs(string connections) => Enum.GetValues<NameKind>()
        .Select(kind => (kind, Path.ChangeExtension(connections, $"{kind.ToString().ToLowerInvariant()}.log.gz")))
        .Where(log => File.Exists(log.Item2));

    // A folder that may not be read is no folder without files.
    private static List<string> Files(string folder)
    {
        try
        {
            return [.. Layouts.SelectMany(layout => layout
                .Aggregate<string, IEnumerable<string>>([folder], (folders, name) =>
                    folders.SelectMany(parent => Directory.EnumerateDirectories(parent, name)))
                .SelectMany(last => Directory.EnumerateFiles(last, "*.parquet")))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SimulatorException($"cannot read the records of {folder}: {exception.Message}", exception);
        }
    }

    private static void Add(RecordSetBuilder builder, Dictionary<IpAddress, OutsideInfo> outside, AddressRules rules, int rows,
        IReadOnlyDictionary<string, ParquetColumn> columns)
    {
        var (source, destination) = (new End(builder, outside, rules, columns, "orig"), new End(builder, outside, rules, columns, "resp"));
        var (start, protocol, service) = (Column(columns, "ts"), Column(columns, "proto"), Column(columns, "service"));
        var (duration, state) = (Column(columns, "duration"), Column(columns, "state"));
        var (sent, bytes, packets) = (Column(columns, "orig_bytes"), Column(columns, "total_bytes"), Column(columns, "total_pkts"));
        var artefact = Column(columns, "sensor_artefact");
        for (var row = 0; row < rows; row++)
        {
            var fromOrigin = sent.Number(row) ?? 0;
            var fromResponder = (bytes.Number(row) ?? fromOrigin) - fromOrigin;
            var (outwards, back) = Divide(packets.Number(row) ?? 0, fromOrigin, fromResponder, artefact.Number(row) == 1);
            builder.Add(new ConnectionRecord
            {
                StartMs = start.Number(row) ?? throw Missing("ts", row),
                DurationSeconds = duration.Real(row) ?? double.NaN,
                Source = source.Address(row),
                Destination = destination.Address(row),
                SourcePort = source.Port(row),
                DestinationPort = destination.Port(row),
                Protocol = builder.Protocol(protocol.Text(row) ?? throw Missing("proto", row)),
                Service = builder.Service(service.Text(row)),
                State = state.Text(row) switch { "established" => ConnState.SF, "failed" => ConnState.REJ, _ => ConnState.None },
                OrigBytes = fromOrigin,
                RespBytes = fromResponder,
                OrigPackets = outwards,
                RespPackets = back,
            });
        }
    }

    private static (long Outwards, long Back) Divide(long packets, long sent, long received, bool isArtefact)
    {
        if (isArtefact)
        {
            return received > sent ? (packets, 0) : (0, packets);
        }

        var back = Math.Min(packets, (received / MaxPacketBytes) + Math.Sign(received % MaxPacketBytes));
        return (packets - back, back);
    }

    private static ParquetColumn Column(IReadOnlyDictionary<string, ParquetColumn> columns, string name) =>
        columns.GetValueOrDefault(name) ?? throw new FormatException($"no column {name}; did dtmcp export write it?");

    private static FormatException Missing(string name, int row) => new(string.Create(
        CultureInfo.InvariantCulture, $"row {row} of a group has no {name}: an appliance's records all have one"));

    /// <summary>One end of the connections of a group.</summary>
    private sealed class End(
        RecordSetBuilder builder, Dictionary<IpAddress, OutsideInfo> outside, AddressRules rules,
        IReadOnlyDictionary<string, ParquetColumn> columns, string end)
    {
        private readonly ParquetColumn _address = Column(columns, $"id.{end}_h");
        private readonly ParquetColumn _port = Column(columns, $"id.{end}_p");
        private readonly ParquetColumn _country = Column(columns, $"{end}_cc");
        private readonly ParquetColumn _network = Column(columns, $"{end}_asn");

        public int Address(int row)
        {
            var address = IpAddress.Parse(_address.Text(row) ?? throw Missing($"id.{end}_h", row));
            var (country, network) = (_country.Text(row), _network.Text(row));
            if ((country ?? network) is not null && !rules.IsInternal(address) && !outside.ContainsKey(address))
            {
                outside.Add(address, new OutsideInfo { Country = country, CountryCode = country, Asn = network });
            }

            return builder.Address(address);
        }

        public ushort Port(int row) => checked((ushort)(_port.Number(row) ?? 0));
    }
}

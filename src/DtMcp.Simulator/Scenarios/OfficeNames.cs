using System.Globalization;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.NameLogs;

namespace DtMcp.Simulator.Scenarios;

/// <summary>
/// The names in the office's connections, by its records alone: what each DNS connection asked for (a host that is visited next, now and
/// then a server of the office or a name that nobody has), and the server names of TLS and HTTP. A device asks for a host before its first
/// visit of the day, in the last DNS connection before it. The same for the same records.
/// </summary>
internal sealed class OfficeNames
{
    private const long DayMs = 86_400_000;

    private static readonly string[] Nowhere = ["wpad.office.test", "isatap.office.test", "old-files.office.test", "updates.vendr.test"];

    private static readonly string[] Agents =
        ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh)", "Mozilla/5.0 (X11; Linux x86_64)", "PackageUpdater/4.2"];

    private readonly RecordSet _records;
    private readonly string?[] _names;
    private readonly int[] _servers;
    private readonly Dictionary<int, int> _lastLookup = [];
    private readonly HashSet<(int Source, int Destination, long Day)> _visited = [];
    private readonly Dictionary<int, int> _favourite = [];
    private readonly List<NameEntry> _entries = [];

    private OfficeNames(RecordSet records)
    {
        _records = records;
        _names = Array.ConvertAll(records.Addresses, address => records.Outside.GetValueOrDefault(address)?.Hostname);
        _servers = [.. records.Devices.All.Where(device => device.Address.IsIPv4 && device.Facts.TypeName?.Contains("server",
            StringComparison.Ordinal) == true).Select(device => device.AddressIndex)];
    }

    public static IReadOnlyList<NameEntry> Of(RecordSet records)
    {
        var names = new OfficeNames(records);
        for (var row = 0; row < records.Rows.Length; row++)
        {
            names.Add(row);
        }

        return names._entries;
    }

    private void Add(int number)
    {
        ref readonly var row = ref _records.Rows[number];
        var service = _records.Services[row.Service];
        if (service == "dns" && row.DestinationPort == 53)
        {
            _lastLookup[row.Source] = number;
            LookUp(number, row);
            return;
        }

        if (_names[row.Destination] is not { } name)
        {
            return;
        }

        if (_visited.Add((row.Source, row.Destination, row.StartMs / DayMs)) && _lastLookup.TryGetValue(row.Source, out var lookup))
        {
            _entries.Add(Query(lookup, name, [_records.Addresses[row.Destination].ToString()], _records.Addresses[row.Destination].IsIPv4));
        }

        _favourite[row.Source] = row.Destination;
        if (service == "ssl" && row.RespBytes > 0)
        {
            _entries.Add(Entry(number, NameKind.Ssl) with
            {
                Name = name,
                Type = "TLSv13",
                Outcome = "ok",
                Client = string.Create(CultureInfo.InvariantCulture, $"{Mixed(row.Source) & 7:x32}"),
                Detail = $"CN={name}",
            });
        }
        else if (service == "http")
        {
            var mixed = Mixed(number);
            _entries.Add(Entry(number, NameKind.Http) with
            {
                Name = name,
                Type = "GET",
                Outcome = mixed % 20 == 0 ? "404" : "200",
                Client = Agents[Mixed(row.Source) % (ulong)Agents.Length],
                Detail = string.Create(CultureInfo.InvariantCulture, $"/{mixed & 0xff:x}/index.html"),
            });
        }
    }

    // What a device asks for besides: a host that it visited last, a server of the office, or a name that nobody has.
    private void LookUp(int number, in ConnectionRecord row)
    {
        var mixed = Mixed(number);
        var kind = mixed % 100;
        if (kind < 4)
        {
            _entries.Add(Query(number, Nowhere[mixed / 100 % (ulong)Nowhere.Length], [], isIPv4: true) with { Outcome = "NXDOMAIN" });
        }
        else if (kind < 45 && _servers.Length > 0)
        {
            var server = _servers[mixed / 100 % (ulong)_servers.Length];
            var name = _records.Devices.At(server)?.Facts.Hostname ?? "server";
            _entries.Add(Query(number, $"{name}.office.test", [_records.Addresses[server].ToString()], isIPv4: true));
        }
        else if (_favourite.TryGetValue(row.Source, out var host) && _names[host] is { } name)
        {
            _entries.Add(Query(number, name, [_records.Addresses[host].ToString()], _records.Addresses[host].IsIPv4));
        }
    }

    private NameEntry Query(int number, string name, string[] answers, bool isIPv4) =>
        Entry(number, NameKind.Dns) with { Name = name, Type = isIPv4 ? "A" : "AAAA", Answers = answers };

    private NameEntry Entry(int number, NameKind kind)
    {
        ref readonly var row = ref _records.Rows[number];
        return new NameEntry
        {
            Kind = kind,
            StartMs = row.StartMs,
            Source = _records.Addresses[row.Source],
            SourcePort = row.SourcePort,
            Destination = _records.Addresses[row.Destination],
            DestinationPort = row.DestinationPort,
            Uid = _records.Uid(number),
        };
    }

    private static ulong Mixed(int number) => new SplitMix((ulong)number * 2_654_435_761).Next();
}

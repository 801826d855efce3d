using System.Globalization;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// A field of a <c>@type:conn</c> record as a query sees it. Exact values and ranges of text fields go by table, so that a row costs one
/// look-up.
/// </summary>
internal static class RecordField
{
    /// <summary>
    /// Rows whose field has this value; <c>*</c> stands for anything, alone for any value at all. An unknown field matches nothing.
    /// </summary>
    public static Func<int, bool> Is(RecordSet records, string field, string value)
    {
        var rows = records.Rows;
        switch (field)
        {
            case "source_ip":
                var sources = Addresses(records, value);
                return row => sources[rows[row].Source];
            case "dest_ip":
                var destinations = Addresses(records, value);
                return row => destinations[rows[row].Destination];
            case "proto":
                var protocols = Names(records.Protocols, value);
                return row => protocols[rows[row].Protocol];
            case "service":
                var services = Names(records.Services, value);
                return row => services[rows[row].Service];
            case "conn_state":
                var states = Array.ConvertAll(Enum.GetValues<ConnState>(),
                    state => state != ConnState.None && Text(value, state.ToString()));
                return row => states[(int)rows[row].State];
            case "orig_cc":
                var originCountries = Texts(RecordEnds.Of(records).Countries, value);
                return row => originCountries[rows[row].Source];
            case "resp_cc":
                var countries = Texts(RecordEnds.Of(records).Countries, value);
                return row => countries[rows[row].Destination];
            case "orig_asn":
                var originNetworks = Texts(RecordEnds.Of(records).Networks, value);
                return row => originNetworks[rows[row].Source];
            case "resp_asn":
                var networks = Texts(RecordEnds.Of(records).Networks, value);
                return row => networks[rows[row].Destination];
            case "local_orig":
                return row => Text(value, records.IsLocal(rows[row].Source) ? "true" : "false");
            case "local_resp":
                return row => Text(value, records.IsLocal(rows[row].Destination) ? "true" : "false");
            case "uid":
                return row => Text(value, records.Uid(row));
        }

        if (Number(records, field) is not { } number)
        {
            return _ => false;
        }

        if (value == "*")
        {
            return row => !double.IsNaN(number(row));
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted)
            ? row => number(row) == wanted
            : throw new InputErrorException($"{field} takes numbers, not '{value}'");
    }

    /// <summary>Rows whose field is in a range; <c>*</c> is an open end.</summary>
    public static Func<int, bool> IsIn(RecordSet records, string field, string low, string high, bool lowInclusive, bool highInclusive)
    {
        var rows = records.Rows;
        if (field is "source_ip" or "dest_ip")
        {
            var (from, to) = (Bound(low), Bound(high));
            var within = Array.ConvertAll(records.Addresses, address =>
                (from is not { } first || (address.IsIPv4 == first.IsIPv4 && address.CompareTo(first) >= (lowInclusive ? 0 : 1)))
                && (to is not { } last || (address.IsIPv4 == last.IsIPv4 && address.CompareTo(last) <= (highInclusive ? 0 : -1))));
            return field is "source_ip" ? row => within[rows[row].Source] : row => within[rows[row].Destination];
        }

        var number = Number(records, field) ?? throw new InputErrorException($"{field} has no ranges");
        var (least, most) = (End(low, double.NegativeInfinity), End(high, double.PositiveInfinity));
        return row => number(row) is var value && (lowInclusive
            ? value >= least
            : value > least) && (highInclusive
            ? value <= most
            : value < most);

        static IpAddress? Bound(string text) =>
            text == "*"
                ? null
                : IpAddress.TryParse(text, out var address)
                ? address
                : throw new InputErrorException($"'{text}' is not an address");

    }

    /// <summary>Whether the field is a connection's start.</summary>
    public static bool IsStart(string field) => field is "start_ts" or "epochdate";

    /// <summary>An end of a range as a number; <c>*</c> is open.</summary>
    public static double End(string text, double open) =>
        text == "*"
            ? open
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputErrorException($"'{text}' is not a number");

    private static bool[] Texts(string?[] values, string wanted) =>
        Array.ConvertAll(values, value => value is not null && Text(wanted, value));

    private static Func<int, double>? Number(RecordSet records, string field)
    {
        var rows = records.Rows;
        return field switch
        {
            "source_port" => row => rows[row].SourcePort,
            "dest_port" => row => rows[row].DestinationPort,
            "duration" => row => rows[row].DurationSeconds,
            "orig_bytes" => row => rows[row].OrigBytes,
            "resp_bytes" => row => rows[row].RespBytes,
            "orig_pkts" => row => rows[row].OrigPackets,
            "resp_pkts" => row => rows[row].RespPackets,
            "start_ts" or "epochdate" => row => rows[row].StartMs / 1000.0,
            _ => null,
        };
    }

    // An address in any spelling, a range as 10.1.0.0/16, or a pattern as 10.1.*.
    private static bool[] Addresses(RecordSet records, string value)
    {
        if (IpAddress.TryParse(value, out var wanted))
        {
            return Array.ConvertAll(records.Addresses, address => address == wanted);
        }

        return AddressRange.TryParse(value, out var range)
            ? Array.ConvertAll(records.Addresses, range.Contains)
            : Array.ConvertAll(records.Addresses, address => Text(value, address.ToString()));
    }

    private static bool[] Names(NameTable names, string value) =>
        [.. Enumerable.Range(0, names.Count).Select(row => names[row].Length > 0 && Text(value, names[row]))];

    private static bool Text(string pattern, string text) =>
        pattern.Contains('*', StringComparison.Ordinal)
            ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true)
            : pattern.Equals(text, StringComparison.OrdinalIgnoreCase);
}

using System.Globalization;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints;

/// <summary>
/// A request that was signed rightly: its decoded query in order, and typed getters that answer INPUT ERROR for what is no such type.
/// </summary>
internal sealed class EndpointRequest(Appliance appliance, string endpoint, string rest, IReadOnlyList<KeyValuePair<string, string>> query,
    ReadOnlyMemory<byte> body)
{
    private const int DefaultWindowMs = 3_600_000;

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
    ];

    public Appliance Appliance => appliance;

    public RecordSet Records => appliance.Records;

    /// <summary>The name that keys an error: <c>network</c>.</summary>
    public string Endpoint => endpoint;

    /// <summary>What follows the path of an endpoint that takes everything below it.</summary>
    public string Rest => rest;

    /// <summary>Whether one of the appliance's probes does not answer.</summary>
    public bool IsProbeSilent { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Query => query;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The last value of a parameter; null when absent or empty. Names are taken in any case.</summary>
    public string? Text(string name)
    {
        string? value = null;
        foreach (var pair in query)
        {
            if (pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = pair.Value;
            }
        }

        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>Every value of a repeated parameter.</summary>
    public IEnumerable<string> Texts(string name) =>
        query.Where(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value);

    public bool Has(string name) => Text(name) is not null;

    public long? Number(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least
            && value <= most
            ? value
            : throw new InputErrorException($"{name}={text} is not a number from {least} to {most}");
    }

    public int? PortNumber(string name) => (int?)Number(name, 0, 65535);

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        var text => throw new InputErrorException($"{name}={text} is neither true nor false"),
    };

    public IpAddress? Address(string name) => Text(name) switch
    {
        null => null,
        var text when IpAddress.TryParse(text, out var address) => address,
        var text => throw new InputErrorException($"{name}={text} is not an address"),
    };

    /// <summary>
    /// The window: <c>starttime</c> and <c>endtime</c> (epoch ms) or <c>from</c> and <c>to</c> (UTC), a whole pair, not mixed; else the
    /// last hour.
    /// </summary>
    /// <param name="defaultMs">Length of the window that nothing names.</param>
    public (long StartMs, long EndMs) Window(long defaultMs = DefaultWindowMs)
    {
        var (from, to, start, end) = (Time("from"), Time("to"), Number("starttime", 0), Number("endtime", 0));
        if ((from is null) != (to is null) || (start is null) != (end is null) || (from is not null && start is not null))
        {
            throw new InputErrorException("half a time pair, or both pairs");
        }

        var (first, last) = (from ?? start, to ?? end) switch
        {
            ({ } a, { } b) => (a, b),
            _ => (appliance.NowMs - defaultMs, appliance.NowMs),
        };
        return first <= last ? (first, last) : throw new InputErrorException("the window ends before it starts");
    }

    /// <summary>
    /// The filters that /network, /metricdata and /details share; <c>intext</c> is left to the endpoint, whose default differs.
    /// </summary>
    /// <param name="defaultWindowMs">Length of the window that nothing names.</param>
    /// <param name="ignoreTimes">Whether the window is the default one whatever the request names: /details with a count.</param>
    public Filter Filter(long defaultWindowMs = DefaultWindowMs, bool ignoreTimes = false)
    {
        var (start, end) = ignoreTimes ? (appliance.NowMs - defaultWindowMs, appliance.NowMs) : Window(defaultWindowMs);
        return new Filter
        {
            StartMs = start,
            EndMs = end,
            Did = Number("did"),
            Ip = Address("ip"),
            ViewSubnet = Number("viewsubnet"),
            Protocol = Text("protocol"),
            ApplicationProtocol = Text("applicationprotocol"),
            Port = PortNumber("port"),
            SourcePort = PortNumber("sourceport"),
            DestinationPort = PortNumber("destinationport"),
            PeerDid = Number("ddid"),
            Internal = Text("intext")?.ToUpperInvariant() switch
            {
                null => null,
                "INTERNAL" => true,
                "EXTERNAL" => false,
                _ => throw new InputErrorException("intext is internal or external"),
            },
        };
    }

    private long? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new InputErrorException($"{name}={text} is not a time");
    }
}

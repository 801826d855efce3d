namespace DtMcp.Simulator.Setup;

/// <summary>What the emulated appliance serves, to whom, and how it misbehaves.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Address to listen on; loopback only, port 0 for any free one.</summary>
    /// <value>Default <c>http://127.0.0.1:0</c>.</value>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>The public half of the only token pair it accepts.</summary>
    public required string PublicToken { get; init; }

    /// <summary>The private half: the HMAC key.</summary>
    public required string PrivateToken { get; init; }

    /// <summary>A Zeek conn.log (TSV or JSON lines, plain or gzip); null for the made-up office.</summary>
    public string? RecordsFile { get; init; }

    /// <summary>The shape of <c>/network</c>.</summary>
    public Dialect Dialect { get; init; } = Dialect.Guide;

    /// <summary>A fault by name, <c>busy</c> or with a count of requests <c>busy:2</c>; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>
    /// What the appliance's clock shows when it starts. Null: the last start in the records, rounded up to a whole second, so that
    /// <c>last=24h</c> covers their last day; for the made-up office, whose records end then, the time of the clock it is given.
    /// </summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>
    /// Whether the appliance's clock runs on from there. Null: that of the made-up office does; over <see cref="RecordsFile"/> it stands
    /// still, so that <c>last=24h</c> is the same day of the records for as long as it is asked.
    /// </summary>
    public bool? ClockRuns { get; init; }

    /// <summary>
    /// Ranges (CIDR) that take the place of the private ones (RFC 1918, fc00::/7). An entry <c>+RANGE</c> is added beside them instead.
    /// Loopback, link-local, multicast, broadcast and unspecified addresses stay internal whatever stands here.
    /// </summary>
    public IReadOnlyList<string> Internal { get; init; } = [];

    /// <summary>Subnets (CIDR) by name; empty for the /24s and /64s that devices appear in.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>
    /// Permissions (<c>advancedsearch</c>, <c>status</c>, <c>visualizer</c>) or endpoints (<c>metricdata</c>) that the token is refused.
    /// </summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Seed of the made-up office.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Connections of the made-up office, at most 60,000,000; 0 for its natural size.</summary>
    public long Connections { get; init; }

    /// <summary>
    /// Devices of the made-up office, 60 to 25,000, about so many; 0 for as many as its connections make. Each is busy every day: with few
    /// connections a device there are more connections than were asked for.
    /// </summary>
    public int Devices { get; init; }

    /// <summary>Days of the made-up office, 1 to 366.</summary>
    public int Days { get; init; } = 2;

    /// <summary>The token lacks Unrestricted Devices: answers are anonymised.</summary>
    public bool Restricted { get; init; }

    /// <summary>
    /// How long the appliance thinks before the first byte of an answer, as a busy or distant one does; at most ten minutes. Refusals and
    /// faults come at once.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Entries of one search that pages reach by offset; deeper ones are refused. 0 for all.</summary>
    public int IndexLimit { get; init; }

    /// <summary>How many values a count of values lists, from 1 up; the vendor's guide does not say how many an appliance does.</summary>
    public int TermsListed { get; init; } = 100;

    /// <summary>Called after each request has been answered.</summary>
    public Action<RequestLogEntry>? OnRequest { get; init; }
}

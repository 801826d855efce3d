using DtMcp.Simulator.Setup;

namespace DtMcp.Configuration;

/// <summary>How the emulated appliance is to be, for <c>simulate</c> and <c>--demo</c>.</summary>
internal sealed record DemoOptions
{
    public string? Records { get; init; }

    public Dialect Dialect { get; init; } = Dialect.Guide;

    public string? Fault { get; init; }

    public DateTimeOffset? Now { get; init; }

    public bool? ClockRuns { get; init; }

    public TimeSpan Delay { get; init; }

    public int IndexLimit { get; init; }

    public IReadOnlyList<string> Internal { get; init; } = [];

    public IReadOnlyList<string> Subnets { get; init; } = [];

    public IReadOnlyList<string> Without { get; init; } = [];

    public int Seed { get; init; } = 1;

    public long Connections { get; init; }

    public int Devices { get; init; }

    public int Days { get; init; } = 2;

    public bool Restricted { get; init; }

    public SimulatorOptions ToSimulator(string publicToken, string privateToken) => new()
    {
        PublicToken = publicToken,
        PrivateToken = privateToken,
        RecordsFile = Records,
        Dialect = Dialect,
        Fault = Fault,
        Now = Now,
        ClockRuns = ClockRuns,
        Delay = Delay,
        IndexLimit = IndexLimit,
        Internal = Internal,
        Subnets = Subnets,
        Without = Without,
        Seed = Seed,
        Connections = Connections,
        Devices = Devices,
        Days = Days,
        Restricted = Restricted,
    };
}

using System.CommandLine;
using System.Globalization;
using DtMcp.Configuration;
using DtMcp.Simulator.Setup;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary>The options of the emulated appliance. Lists take commas and may be repeated.</summary>
internal sealed class DemoSwitches
{
    private readonly Option<bool> _demo = new("--demo") { Description = "Ask an emulated appliance in this process (made-up records)." };
    private readonly Option<string?> _records = new("--records")
    {
        Description = "A Zeek conn.log, TSV or JSON, plain or gzip, or a directory with dns, ssl and http logs too, or of dtmcp export.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _dialect = new("--dialect")
    {
        Description = "Shape of /network: guide (default) or sdk.",
        HelpName = "guide|sdk",
    };
    private readonly Option<string?> _fault = new("--fault") { Description = "A fault by name, or name:count.", HelpName = "NAME" };
    private readonly Option<string?> _now = new("--now") { Description = "The appliance's time at the start, UTC.", HelpName = "TIME" };
    private readonly Option<string?> _clock =
        new("--clock") { Description = "Whether its clock goes on: running, still (default with --records).", HelpName = "running|still" };

    private readonly Option<string?> _delay = new("--delay")
    {
        Description = "How long it thinks before each answer, such as 300ms or 2s.",
        HelpName = "TIME",
    };

    private readonly Option<int> _indexLimit = new("--index-limit")
    {
        Description = "Entries of one search that pages reach by offset (an index gives 10000); 0 for all.",
        HelpName = "N",
    };

    private readonly Option<string[]> _internal = new("--internal")
    {
        Description = "Ranges inside, instead of the private ones; +RANGE adds.",
        HelpName = "RANGE",
    };
    private readonly Option<string[]> _subnet = new("--subnet") { Description = "Subnets of the appliance.", HelpName = "RANGE" };
    private readonly Option<string[]> _without = new("--without")
    {
        Description = "Permissions or endpoints that the token is refused.",
        HelpName = "NAME",
    };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the made-up records.", DefaultValueFactory = _ => 1 };
    private readonly Option<long> _connections = new("--connections")
    {
        Description = "How many made-up connections; 0 for the natural number.",
    };
    private readonly Option<int> _devices = new("--devices")
    {
        Description = "About how many made-up devices, 60 to 25000; 0 for as many as the connections make.",
    };
    private readonly Option<int> _days = new("--days") { Description = "Days of made-up records.", DefaultValueFactory = _ => 2 };
    private readonly Option<bool> _restricted = new("--restricted")
    {
        Description = "Anonymised answers, as without the permission Unrestricted Devices.",
    };

    private IReadOnlyList<Option> Details =>
    [
        _records, _dialect, _fault, _now, _clock, _delay, _indexLimit, _internal, _subnet, _without, _seed, _connections, _devices,
        _days, _restricted,
    ];

    public Command AddTo(Command command, bool withDemo)
    {
        if (withDemo)
        {
            command.Add(_demo);
        }

        foreach (var option in Details)
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>Null when the real appliance is meant.</summary>
    public DemoOptions? Demo(ParseResult result)
    {
        if (result.GetValue(_demo))
        {
            return Read(result);
        }

        foreach (var option in Details)
        {
            if (result.GetResult(option) is { Implicit: false })
            {
                throw new SetupException($"{option.Name} is for the emulated appliance. Add --demo.");
            }
        }

        return null;
    }

    public DemoOptions Read(ParseResult result) => new()
    {
        Records = result.GetValue(_records),
        Dialect = result.GetValue(_dialect)?.ToUpperInvariant() switch
        {
            null or "GUIDE" => Dialect.Guide,
            "SDK" => Dialect.Sdk,
            _ => throw new SetupException("--dialect is guide or sdk."),
        },
        Fault = result.GetValue(_fault),
        Now = Time(result.GetValue(_now)),
        ClockRuns = result.GetValue(_clock)?.ToUpperInvariant() switch
        {
            null => null,
            "RUNNING" => true,
            "STILL" => false,
            _ => throw new SetupException("--clock is running or still."),
        },
        Delay = Delay(result.GetValue(_delay)),
        IndexLimit = result.GetValue(_indexLimit),
        Internal = List(result, _internal),
        Subnets = List(result, _subnet),
        Without = List(result, _without),
        Seed = result.GetValue(_seed),
        Connections = result.GetValue(_connections),
        Devices = result.GetValue(_devices),
        Days = result.GetValue(_days),
        Restricted = result.GetValue(_restricted),
    };

    private static string[] List(ParseResult result, Option<string[]> option) =>
        [.. (result.GetValue(option) ?? []).SelectMany(text =>
            text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    // Milliseconds, or any time that an argument takes.
    private static TimeSpan Delay(string? text)
    {
        if (text is null)
        {
            return TimeSpan.Zero;
        }

        return text.EndsWith("ms", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeArguments.ParseDuration(text) ?? throw new SetupException("--delay takes a time, such as 300ms or 2s.");
    }

    private static DateTimeOffset? Time(string? text) => text is null
        ? null
        : TimeArguments.ParseTime(text) is { } time and not GivenTime.Word
            ? DateTimeOffset.FromUnixTimeMilliseconds(time.In(new ZoneClock(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)).StartMs)
            : throw new SetupException("--now takes a UTC time, YYYY-MM-DD HH:MM:SS or ISO 8601.");
}
